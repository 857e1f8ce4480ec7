import { concat, type Crypto, DecryptionError, InvalidPublicKeyError, type KeyPair, utf8 } from '#crypto'
import type { EncryptionType } from './encryption-type.ts'

/** The symmetric key of one layer; the reply to the layer uses it too, with another nonce. */
export interface LayerKey {
  readonly type: EncryptionType
  /** 32 bytes. */
  readonly key: Uint8Array
}

interface Overhead {
  readonly nonceLength: number
  /** Length of the authenticator behind the ciphertext. */
  readonly tagLength: number
}

const GCM_KEY_LABEL = utf8('LOKI')
const OVERHEAD: Readonly<Record<EncryptionType, Overhead>> = {
  'aes-cbc': { nonceLength: 16, tagLength: 0 },
  'aes-gcm': { nonceLength: 12, tagLength: 16 },
  xchacha20: { nonceLength: 24, tagLength: 16 },
}

/** Lengths of what a type puts before (`nonceLength`) and behind (`tagLength`) the ciphertext, in bytes. */
export function layerOverhead(type: EncryptionType): Overhead {
  return OVERHEAD[type]
}

/** Length of the layer around `plaintextLength` bytes (onion requests §3). */
export function layerLength(type: EncryptionType, plaintextLength: number): number {
  const { nonceLength, tagLength } = OVERHEAD[type]
  return nonceLength + plaintextLength + (type === 'aes-cbc' ? 16 - (plaintextLength % 16) : tagLength)
}

/**
 * The key of a layer as its receiver derives it (onion requests §3). Throws `DecryptionError`, and nothing more telling, for an
 * ephemeral key that gives an all-zero secret.
 */
export function deriveServerLayerKey(
  crypto: Crypto,
  type: EncryptionType,
  serverKeys: KeyPair,
  ephemeralPublicKey: Uint8Array,
): LayerKey {
  try {
    const secret = crypto.x25519.sharedSecret(serverKeys.privateKey, ephemeralPublicKey)
    return deriveKey(crypto, type, secret, ephemeralPublicKey, serverKeys.publicKey)
  } catch (cause) {
    if (cause instanceof InvalidPublicKeyError) throw new DecryptionError({ cause })
    throw cause
  }
}

/** The key of a layer as its sender derives it. Throws `InvalidPublicKeyError` when the server's key is of low order. */
export function deriveClientLayerKey(
  crypto: Crypto,
  type: EncryptionType,
  ephemeral: KeyPair,
  serverPublicKey: Uint8Array,
): LayerKey {
  const secret = crypto.x25519.sharedSecret(ephemeral.privateKey, serverPublicKey)
  return deriveKey(crypto, type, secret, ephemeral.publicKey, serverPublicKey)
}

function deriveKey(
  crypto: Crypto,
  type: EncryptionType,
  secret: Uint8Array,
  ephemeralPublicKey: Uint8Array,
  serverPublicKey: Uint8Array,
): LayerKey {
  switch (type) {
    case 'aes-cbc':
      return { type, key: secret }
    case 'aes-gcm':
      return { type, key: crypto.hmacSha256(GCM_KEY_LABEL, secret) }
    case 'xchacha20':
      return { type, key: crypto.blake2b(concat(secret, ephemeralPublicKey, serverPublicKey), { length: 32 }) }
  }
}

/** `nonce ‖ ciphertext ‖ tag`, `layerLength` bytes long; the nonce is random unless it is given. */
export function encryptLayer(
  crypto: Crypto,
  layerKey: LayerKey,
  plaintext: Uint8Array,
  nonce: Uint8Array = crypto.randomBytes(OVERHEAD[layerKey.type].nonceLength),
): Uint8Array {
  return concat(nonce, cipher(crypto, layerKey.type).encrypt(layerKey.key, nonce, plaintext))
}

/** The plaintext of a layer. Throws `DecryptionError`, also for a layer that is too short. */
export function decryptLayer(crypto: Crypto, layerKey: LayerKey, ciphertext: Uint8Array): Uint8Array {
  requireLayerLength(layerKey.type, ciphertext)
  const { nonceLength } = OVERHEAD[layerKey.type]
  const nonce = ciphertext.subarray(0, nonceLength)
  return cipher(crypto, layerKey.type).decrypt(layerKey.key, nonce, ciphertext.subarray(nonceLength))
}

/** Throws `DecryptionError` when `ciphertext` is shorter than a layer around nothing. */
export function requireLayerLength(type: EncryptionType, ciphertext: Uint8Array): void {
  if (ciphertext.length < layerLength(type, 0)) throw new DecryptionError()
}

function cipher(crypto: Crypto, type: EncryptionType): Pick<Crypto['aes256Gcm'], 'encrypt' | 'decrypt'> {
  switch (type) {
    case 'aes-cbc':
      return crypto.aes256Cbc
    case 'aes-gcm':
      return crypto.aes256Gcm
    case 'xchacha20':
      return crypto.xchacha20Poly1305
  }
}
