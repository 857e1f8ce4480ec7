import type { Crypto } from '#crypto'
import {
  AttachmentTooLargeError,
  type AttachmentScheme,
  decryptLegacyAttachment,
  decryptStream,
  encryptLegacyAttachment,
  encryptStream,
  LEGACY_ATTACHMENT_KEY_LENGTH,
  MAX_PLAINTEXT,
} from '#protocol'
import type { AttachmentKey } from './attachment-key.ts'

/** A file ready for upload, and what its receivers need to open it. */
export interface EncryptedAttachment {
  readonly blob: Uint8Array
  readonly key: AttachmentKey
}

/**
 * Encrypts and pads a file of at most 10,000,000 bytes. For the stream scheme `seed` is the 32-byte Ed25519 seed of the account: with the same seed the same
 * file becomes the same bytes; a random seed makes a key that is used once. Throws `AttachmentTooLargeError`.
 */
export function encryptAttachment(
  crypto: Crypto,
  file: Uint8Array,
  scheme: AttachmentScheme,
  seed: Uint8Array = crypto.randomBytes(32),
): EncryptedAttachment {
  if (file.length > MAX_PLAINTEXT) throw new AttachmentTooLargeError(MAX_PLAINTEXT)
  if (scheme === 'stream') {
    const { blob, key } = encryptStream(crypto, file, { seed, domain: 'attachment' })
    return { blob, key: { scheme, key } }
  }
  const key = crypto.randomBytes(LEGACY_ATTACHMENT_KEY_LENGTH)
  const { blob, digest } = encryptLegacyAttachment(crypto, file, { key, iv: crypto.randomBytes(16) })
  return { blob, key: { scheme, key, digest, size: file.length } }
}

/** The file in a downloaded blob. Throws `DecryptionError`, for whatever cause. */
export function decryptAttachment(crypto: Crypto, blob: Uint8Array, key: AttachmentKey): Uint8Array {
  return key.scheme === 'stream' ? decryptStream(crypto, blob, key.key) : decryptLegacyAttachment(crypto, blob, key)
}
