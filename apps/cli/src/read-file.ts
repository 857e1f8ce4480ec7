import { readFile, stat } from 'node:fs/promises'
import { AttachmentTooLargeError, MAX_PLAINTEXT } from '#protocol'

/** The bytes of a file that is small enough to be sent; a larger one is refused before it is read. Throws `AttachmentTooLargeError`. */
export async function readSendableFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path)
  if (size > MAX_PLAINTEXT) throw new AttachmentTooLargeError(MAX_PLAINTEXT)
  return readFile(path)
}
