import { type FileHandle, open } from 'node:fs/promises'
import { BlobNotFoundError, StoreCorruptError } from '../../errors.ts'
import type { ByteRange } from '../blobs.ts'
import { fileErrorCode, translateFileError } from './translate-error.ts'

/** Most bytes of one piece. */
const PIECE_BYTES = 524_288

/**
 * The bytes of `range` of a file in pieces, the next one read while the last one is used. The file is opened with the first piece and
 * closed at the end or on early return, so an iterable nobody iterates costs nothing.
 */
export async function* readPieces(path: string, range: ByteRange): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const handle = await openBlob(path)
    let ahead: Promise<Uint8Array> | undefined
    try {
      let start = range.start
      ahead = start > range.end ? undefined : readPiece(handle, start, range.end)
      while (ahead !== undefined) {
        const piece = await ahead
        start += piece.length
        ahead = start > range.end ? undefined : readPiece(handle, start, range.end)
        // The rejection is thrown where the piece is awaited; until then nobody may be listening.
        ahead?.catch(() => undefined)
        yield piece
      }
    } finally {
      await Promise.allSettled([ahead])
      await handle.close()
    }
  } catch (error) {
    throw translateFileError(error)
  }
}

async function openBlob(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    // Deleted since the caller looked. The cause would name the path, and with it the key.
    if (fileErrorCode(error) === 'ENOENT') throw new BlobNotFoundError('there is no such blob')
    throw error
  }
}

async function readPiece(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const length = Math.min(PIECE_BYTES, end - start + 1)
  const buffer = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled)
    if (bytesRead === 0) throw new StoreCorruptError('a blob is shorter than it was when it was committed')
    filled += bytesRead
  }
  return buffer
}
