import { concat, type Crypto, toHex, utf8 } from '#crypto'
import { shortToBase64 } from './base64.ts'
import { blindedSignedBytes } from './blinded-signed-bytes.ts'

/** First byte of a blinded id. */
export const BLINDED_PREFIX = 0x07

const SEED_KEY = utf8('VersionCheckKey_sig')

export interface BlindedKeyPair {
  /** 32-byte Ed25519 seed. */
  readonly seed: Uint8Array
  /** 32-byte Ed25519 public key. */
  readonly publicKey: Uint8Array
  /** `07` + public key, 66 hex characters. */
  readonly id: string
}

/** The pair under which an account shows itself to file servers, out of its 32-byte Ed25519 seed (files §4). */
export function blindedKeyPair(crypto: Crypto, accountSeed: Uint8Array): BlindedKeyPair {
  const seed = crypto.blake2b(accountSeed, { length: 32, key: SEED_KEY })
  const publicKey = crypto.ed25519.publicKey(seed)
  return { seed, publicKey, id: toHex(concat(Uint8Array.of(BLINDED_PREFIX), publicKey)) }
}

/** The three headers for a request at `now` (ms since the Unix epoch), signature in base64 (files §4). */
export function signBlindedRequest(
  crypto: Crypto,
  pair: BlindedKeyPair,
  request: {
    readonly method: string
    readonly target: string
    readonly body?: Uint8Array | undefined
    readonly now: number
  },
): Record<'X-FS-Pubkey' | 'X-FS-Timestamp' | 'X-FS-Signature', string> {
  const timestamp = Math.floor(request.now / 1000).toString()
  const bytes = blindedSignedBytes(timestamp, request.method, request.target, request.body)
  return {
    'X-FS-Pubkey': pair.id,
    'X-FS-Timestamp': timestamp,
    'X-FS-Signature': shortToBase64(crypto.ed25519.sign(bytes, pair.seed)),
  }
}
