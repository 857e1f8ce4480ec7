import { type Crypto, fromHex, InvalidPublicKeyError, toHex } from '#crypto'

/** A node as the node list describes it. */
export interface OnionNode {
  /** Ed25519 key, 64 hex characters in lower case: the name of the node. */
  readonly ed25519: string
  /** X25519 key, 64 hex characters in lower case. */
  readonly x25519: string
  readonly host: string
  /** Port of its TLS endpoint. */
  readonly port: number
  /** Decimal text; undefined in lists that do not give it. */
  readonly swarmId: string | undefined
  /** Where the same node answers without a self-signed certificate, without trailing slash. */
  readonly url: string | undefined
}

/**
 * One entry of a node list (onion requests §10.1); undefined when it is not usable: no address, a bad key, or an X25519 key that is not the
 * conversion of the Ed25519 key.
 */
export function parseOnionNode(crypto: Crypto, entry: unknown): OnionNode | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const fields = entry as Readonly<Record<string, unknown>>
  const { public_ip: host, storage_port: port, swarm_id: swarmId, url } = fields
  if (typeof host !== 'string' || host === '' || host === '0.0.0.0') return undefined
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined
  const keys = parseKeys(crypto, fields['pubkey_ed25519'], fields['pubkey_x25519'])
  if (keys === undefined) return undefined
  return {
    ...keys,
    host,
    port,
    swarmId: typeof swarmId === 'string' ? swarmId : undefined,
    url: typeof url === 'string' && URL.canParse(url) ? url.replace(/\/$/, '') : undefined,
  }
}

/** A pair of hex keys that belong together, in lower case; undefined when they do not. */
export function parseKeys(
  crypto: Crypto,
  ed25519: unknown,
  x25519: unknown,
): { readonly ed25519: string; readonly x25519: string } | undefined {
  if (typeof ed25519 !== 'string' || typeof x25519 !== 'string') return undefined
  const converted = convertKey(crypto, ed25519)
  return converted !== undefined && converted === x25519.toLowerCase()
    ? { ed25519: ed25519.toLowerCase(), x25519: converted }
    : undefined
}

/** X25519 key, in hex, of an Ed25519 key in hex; undefined when that is no usable key. */
export function convertKey(crypto: Crypto, ed25519: string): string | undefined {
  const publicKey = fromHex(ed25519, 32)
  if (publicKey === undefined) return undefined
  try {
    return toHex(crypto.ed25519.toX25519PublicKey(publicKey))
  } catch (error) {
    if (error instanceof InvalidPublicKeyError) return undefined
    throw error
  }
}
