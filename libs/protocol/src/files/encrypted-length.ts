import { legacyEncryptedLength } from './legacy-attachment.ts'
import { streamEncryptedLength } from './stream-length.ts'

/** How an attachment is encrypted (files §5.1). */
export type AttachmentScheme = 'legacy' | 'stream'

/** Bytes that a file of `length` bytes takes on a server, padding included (files §5.2, §5.4). */
export function encryptedLength(scheme: AttachmentScheme, length: number): number {
  return scheme === 'stream' ? streamEncryptedLength(length) : legacyEncryptedLength(length)
}
