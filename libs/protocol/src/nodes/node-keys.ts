import { type Crypto, CryptoArgumentError, type KeyPair, utf8 } from '#crypto'

/** The keys of one own node. */
export interface NodeKeys {
  /** 32 bytes. */
  readonly ed25519Seed: Uint8Array
  /** 32 bytes. */
  readonly ed25519Public: Uint8Array
  /** The birational conversion of the Ed25519 pair (onion requests §1). */
  readonly x25519: KeyPair
}

/** Sixteen bytes that keep these seeds apart from everything else a cluster secret may be used for. */
const PERSONALIZATION = utf8('sotto node seed1')

/**
 * The keys of own node number `index` (0 to 2^32 − 1) of a cluster with a 32-byte secret:
 * `seed = BLAKE2b-256(key = secret, personalization = "sotto node seed1", message = index as 4 bytes, big endian)`.
 * Throws `CryptoArgumentError`.
 */
export function deriveNodeKeys(crypto: Crypto, clusterSecret: Uint8Array, index: number): NodeKeys {
  if (clusterSecret.length !== 32) throw new CryptoArgumentError('clusterSecret must be 32 bytes')
  if (!Number.isInteger(index) || index < 0 || index > 0xffffffff) {
    throw new CryptoArgumentError('index must be an integer of 32 bits')
  }
  const message = new Uint8Array(4)
  new DataView(message.buffer).setUint32(0, index)
  const ed25519Seed = crypto.blake2b(message, { length: 32, key: clusterSecret, personalization: PERSONALIZATION })
  const privateKey = crypto.ed25519.toX25519PrivateKey(ed25519Seed)
  return {
    ed25519Seed,
    ed25519Public: crypto.ed25519.publicKey(ed25519Seed),
    x25519: { privateKey, publicKey: crypto.x25519.publicKey(privateKey) },
  }
}
