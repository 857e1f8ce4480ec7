import { concat, type Crypto, DecryptionError } from '#crypto'

export interface LegacyAvatarSecrets {
  /** The 32-byte profile key. */
  readonly key: Uint8Array
  /** 12 bytes, fresh for each picture. */
  readonly nonce: Uint8Array
}

/** Encrypts a profile picture: nonce ‖ AES-256-GCM ciphertext ‖ tag, without padding (files §5.3). */
export function encryptLegacyAvatar(crypto: Crypto, plaintext: Uint8Array, secrets: LegacyAvatarSecrets): Uint8Array {
  return concat(secrets.nonce, crypto.aes256Gcm.encrypt(secrets.key, secrets.nonce, plaintext))
}

/** The picture in a blob. `key` is the 32-byte profile key. Throws `DecryptionError` (files §5.3). */
export function decryptLegacyAvatar(crypto: Crypto, blob: Uint8Array, key: Uint8Array): Uint8Array {
  const { nonceLength, tagLength } = crypto.aes256Gcm
  if (blob.length < nonceLength + tagLength) throw new DecryptionError()
  return crypto.aes256Gcm.decrypt(key, blob.subarray(0, nonceLength), blob.subarray(nonceLength))
}
