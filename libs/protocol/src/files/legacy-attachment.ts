import { concat, type Crypto, CryptoArgumentError, DecryptionError } from '#crypto'
import { legacyPaddedLength } from './legacy-padding.ts'

const IV_LENGTH = 16
const BLOCK_LENGTH = 16
const MAC_LENGTH = 32

/** Length in bytes of a legacy attachment key: AES-256 key, then HMAC key (files §5.2). */
export const LEGACY_ATTACHMENT_KEY_LENGTH = 64

export interface LegacyAttachmentSecrets {
  /** 64 bytes, fresh for each attachment. */
  readonly key: Uint8Array
  /** 16 bytes, fresh for each attachment. */
  readonly iv: Uint8Array
  /** False for the pictures of link previews, which clients do not pad. Default true. */
  readonly padded?: boolean
}

export interface EncryptedLegacyAttachment {
  /** IV ‖ AES-256-CBC ciphertext ‖ HMAC-SHA-256. */
  readonly blob: Uint8Array
  /** SHA-256 of the whole blob, 32 bytes; travels in the message. */
  readonly digest: Uint8Array
}

/** What the message says of an attachment. Without `size` the zeros of the padding stay. */
export interface LegacyAttachmentPointer {
  readonly key: Uint8Array
  readonly digest?: Uint8Array | undefined
  /** Length of the file in bytes. */
  readonly size?: number | undefined
}

/** Encrypts a file in the legacy scheme (files §5.2). */
export function encryptLegacyAttachment(
  crypto: Crypto,
  plaintext: Uint8Array,
  secrets: LegacyAttachmentSecrets,
): EncryptedLegacyAttachment {
  const { aesKey, macKey } = splitKey(secrets.key)
  const padded = secrets.padded === false ? plaintext : pad(plaintext)
  const body = concat(secrets.iv, crypto.aes256Cbc.encrypt(aesKey, secrets.iv, padded))
  const blob = concat(body, crypto.hmacSha256(macKey, body))
  return { blob, digest: crypto.sha256(blob) }
}

/** The file in a legacy blob, cut to its size. Throws `DecryptionError`, for whatever cause (files §5.2). */
export function decryptLegacyAttachment(
  crypto: Crypto,
  blob: Uint8Array,
  pointer: LegacyAttachmentPointer,
): Uint8Array {
  const { aesKey, macKey } = splitKey(pointer.key)
  if (blob.length < IV_LENGTH + BLOCK_LENGTH + MAC_LENGTH) throw new DecryptionError()
  if (pointer.digest !== undefined && !crypto.timingSafeEqual(crypto.sha256(blob), pointer.digest)) {
    throw new DecryptionError()
  }
  const body = blob.subarray(0, blob.length - MAC_LENGTH)
  if (!crypto.timingSafeEqual(crypto.hmacSha256(macKey, body), blob.subarray(body.length))) throw new DecryptionError()
  const padded = crypto.aes256Cbc.decrypt(aesKey, body.subarray(0, IV_LENGTH), body.subarray(IV_LENGTH))
  if (pointer.size === undefined) return padded
  if (pointer.size > padded.length) throw new DecryptionError()
  return padded.subarray(0, pointer.size)
}

/** Length in bytes of the blob for a file of `length` bytes, padded (files §5.2). */
export function legacyEncryptedLength(length: number): number {
  const padded = legacyPaddedLength(length)
  return IV_LENGTH + padded + (BLOCK_LENGTH - (padded % BLOCK_LENGTH)) + MAC_LENGTH
}

function splitKey(key: Uint8Array): { aesKey: Uint8Array; macKey: Uint8Array } {
  if (key.length !== LEGACY_ATTACHMENT_KEY_LENGTH) throw new CryptoArgumentError('key must be 64 bytes')
  return { aesKey: key.subarray(0, 32), macKey: key.subarray(32) }
}

function pad(plaintext: Uint8Array): Uint8Array {
  const padded = new Uint8Array(legacyPaddedLength(plaintext.length))
  padded.set(plaintext)
  return padded
}
