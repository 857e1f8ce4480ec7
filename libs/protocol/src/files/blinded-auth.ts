import { type Crypto, fromHex, toHex } from '#crypto'
import { shortFromBase64 } from './base64.ts'
import { BLINDED_PREFIX } from './blinded-key.ts'
import { blindedSignedBytes } from './blinded-signed-bytes.ts'
import { BlindedAuthError } from './errors.ts'

const TOLERANCE_SECONDS = 86_400

/** The three headers as sent. */
export interface BlindedAuthHeaders {
  readonly pubkey: string
  readonly timestamp: string
  readonly signature: string
}

export interface BlindedAuthRequest {
  readonly method: string
  /** Path and, after `?`, query exactly as sent. */
  readonly target: string
  /** Names in either case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body?: Uint8Array | undefined
  /** Server time in milliseconds since the Unix epoch. */
  readonly now: number
}

/** Who asks: nobody known, or the blinded id `07` + 64 hex characters. */
export type BlindedAuth = { readonly kind: 'anonymous' } | { readonly kind: 'accepted'; readonly id: string }

/**
 * The `X-FS-Pubkey`, `X-FS-Timestamp` and `X-FS-Signature` of a request; undefined when it has none of them. Throws `BlindedAuthError` when
 * it has some but not all (files §4).
 */
export function parseBlindedAuth(
  headers: Readonly<Record<string, string | undefined>>,
): BlindedAuthHeaders | undefined {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const pubkey = values.get('x-fs-pubkey')
  const timestamp = values.get('x-fs-timestamp')
  const signature = values.get('x-fs-signature')
  if (pubkey === undefined && timestamp === undefined && signature === undefined) return undefined
  if (pubkey === undefined || timestamp === undefined || signature === undefined) {
    throw new BlindedAuthError(400, 'one or more X-FS-* auth headers is missing')
  }
  return { pubkey, timestamp, signature }
}

/** Judges the blinded headers of a request, in the order of files §4. Throws `BlindedAuthError` with the answer to send. */
export function verifyBlindedAuth(crypto: Crypto, request: BlindedAuthRequest): BlindedAuth {
  const sent = parseBlindedAuth(request.headers)
  if (sent === undefined) return { kind: 'anonymous' }
  const id = blindedId(sent.pubkey)
  const publicKey = id.subarray(1)
  if (!crypto.ed25519.isValidPublicKey(publicKey)) {
    throw new BlindedAuthError(400, 'given X-FS-Pubkey is not a valid Ed25519 pubkey')
  }
  const signature = hexOrBase64(sent.signature, 64)
  if (signature === undefined) throw new BlindedAuthError(400, 'X-FS-Signature is not base64[86]')
  const timestamp = freshTimestamp(sent.timestamp, request.now)
  if (!isSigned(crypto, request, { timestamp, signature, publicKey })) {
    throw new BlindedAuthError(401, 'X-FS-Signature verification failed')
  }
  return { kind: 'accepted', id: toHex(id) }
}

function blindedId(pubkey: string): Uint8Array {
  const id = hexOrBase64(pubkey, 33)
  if (id === undefined) throw new BlindedAuthError(400, 'X-FS-Pubkey is not a valid 66-hex digit id')
  if (id[0] !== BLINDED_PREFIX) throw new BlindedAuthError(400, 'X-FS-Pubkey must be 07- prefixed')
  return id
}

/** The timestamp as re-printed integer: what newer servers hash; equal to the text as sent when that is plain digits. */
function freshTimestamp(text: string, now: number): string {
  if (!/^[+-]?[0-9]{1,30}$/.test(text)) throw new BlindedAuthError(400, 'X-FS-Timestamp is not a valid timestamp')
  const seconds = BigInt(text.replace('+', ''))
  if (Math.abs(Number(seconds) - Math.floor(now / 1000)) > TOLERANCE_SECONDS) {
    throw new BlindedAuthError(425, 'X-FS-Timestamp is too far from current time')
  }
  return seconds.toString()
}

function isSigned(
  crypto: Crypto,
  request: BlindedAuthRequest,
  signed: { readonly timestamp: string; readonly signature: Uint8Array; readonly publicKey: Uint8Array },
): boolean {
  const verifies = (body?: Uint8Array): boolean => {
    const bytes = blindedSignedBytes(signed.timestamp, request.method, request.target, body)
    return crypto.ed25519.verify(signed.signature, bytes, signed.publicKey)
  }
  const { body } = request
  if (body === undefined || body.length === 0) return verifies()
  // Clients append the raw body; the reference server meant to take its hash. Neither form can be mistaken for the other.
  return verifies(body) || verifies(crypto.blake2b(body, { length: 64 }))
}

function hexOrBase64(text: string, length: number): Uint8Array | undefined {
  const bytes = fromHex(text, length) ?? shortFromBase64(text)
  return bytes?.length === length ? bytes : undefined
}
