import { concat } from '#crypto'
import { LEGACY_ATTACHMENT_KEY_LENGTH } from '#protocol'
import { shortFromBase64Url, shortToBase64Url } from '#protocol/files/base64'
import { AttachmentKeyError } from './errors.ts'

/** Everything besides the blob that a receiver needs (files §5.2, §5.4). */
export type AttachmentKey =
  | {
      readonly scheme: 'legacy'
      /** 64 bytes. */
      readonly key: Uint8Array
      /** SHA-256 of the blob, 32 bytes. */
      readonly digest: Uint8Array
      /** Length of the file in bytes, below 2^32. */
      readonly size: number
    }
  | {
      readonly scheme: 'stream'
      /** 32 bytes. */
      readonly key: Uint8Array
    }

const LEGACY_MARK = 0x4c
const STREAM_MARK = 0x53
const DIGEST_LENGTH = 32
const LEGACY_LENGTH = 1 + 4 + LEGACY_ATTACHMENT_KEY_LENGTH + DIGEST_LENGTH
const STREAM_LENGTH = 1 + 32

/**
 * One string that suffices to decrypt, URL-safe base64 without padding. Legacy, 135 characters: `L` ‖ size as big-endian uint32 ‖ 64-byte key ‖
 * 32-byte digest. Stream, 44 characters: `S` ‖ 32-byte key.
 */
export function formatAttachmentKey(key: AttachmentKey): string {
  if (key.scheme === 'stream') return shortToBase64Url(concat(Uint8Array.of(STREAM_MARK), key.key))
  const size = new Uint8Array(4)
  new DataView(size.buffer).setUint32(0, key.size)
  return shortToBase64Url(concat(Uint8Array.of(LEGACY_MARK), size, key.key, key.digest))
}

/** The key in such a string. Throws `AttachmentKeyError`. */
export function parseAttachmentKey(text: string): AttachmentKey {
  const bytes = shortFromBase64Url(text)
  if (bytes?.[0] === STREAM_MARK && bytes.length === STREAM_LENGTH) return { scheme: 'stream', key: bytes.slice(1) }
  if (bytes?.[0] !== LEGACY_MARK || bytes.length !== LEGACY_LENGTH) throw new AttachmentKeyError()
  const keyEnd = 5 + LEGACY_ATTACHMENT_KEY_LENGTH
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)
  return { scheme: 'legacy', size, key: bytes.slice(5, keyEnd), digest: bytes.slice(keyEnd) }
}
