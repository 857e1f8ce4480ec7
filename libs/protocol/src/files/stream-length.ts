/** What each encrypted piece is longer than its plaintext, in bytes. */
const CHUNK_OVERHEAD = 17
/** Plaintext bytes in one piece of the stream scheme (files §5.4). */
export const STREAM_CHUNK_LENGTH = 32_768
/** Bytes of one full encrypted piece. */
export const ENCRYPTED_CHUNK_LENGTH = STREAM_CHUNK_LENGTH + CHUNK_OVERHEAD
/** The mark `S` and the 24-byte header before the first piece. */
export const STREAM_PREFIX_LENGTH = 25

/** Bytes of padding before a file of `length` bytes, the closing 01 included (files §5.4). */
export function streamPaddingLength(length: number): number {
  const chunks = Math.ceil(length / STREAM_CHUNK_LENGTH)
  const unpadded = length + STREAM_PREFIX_LENGTH + 1 + CHUNK_OVERHEAD * chunks
  const step = 2 ** Math.floor(Math.log2(Math.max(unpadded, 131_072))) / 32
  const padding = Math.ceil(unpadded / step) * step - unpadded + 1
  const extraChunks = padding >= ENCRYPTED_CHUNK_LENGTH ? Math.floor(padding / ENCRYPTED_CHUNK_LENGTH) : 0
  const overflows = padding % ENCRYPTED_CHUNK_LENGTH > chunks * STREAM_CHUNK_LENGTH - length
  return padding - CHUNK_OVERHEAD * (extraChunks + (overflows ? 1 : 0))
}

/** Bytes of the blob for a file of `length` bytes in the stream scheme (files §5.4). */
export function streamEncryptedLength(length: number): number {
  const padded = length + streamPaddingLength(length)
  return STREAM_PREFIX_LENGTH + padded + CHUNK_OVERHEAD * Math.ceil(padded / STREAM_CHUNK_LENGTH)
}

/** Largest file, in bytes, whose stream blob is at most `encryptedLength` bytes long (files §5.4). */
export function streamMaxPlaintext(encryptedLength: number): number {
  const rest = encryptedLength - STREAM_PREFIX_LENGTH - 1
  return rest - CHUNK_OVERHEAD * Math.ceil(rest / ENCRYPTED_CHUNK_LENGTH)
}
