import { type FileHandle, open } from 'node:fs/promises'
import { BlobNotFoundError, StoreCorruptError } from '../../errors.ts'
import type { ByteRange } from '../blobs.ts'
import type { PieceBuffers } from './piece-buffers.ts'
import { fileErrorCode, translateFileError } from './translate-error.ts'

/**
 * The bytes of `range` of a file in pieces, the next one read while the last one is used. A piece lies in a buffer that is filled anew once
 * the next piece is asked for. The file is opened with the first piece and closed at the end or on early return, so an iterable nobody
 * iterates costs nothing.
 */
export async function* readPieces(
  path: string,
  range: ByteRange,
  buffers: PieceBuffers,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const handle = await openBlob(path)
    let ahead: Promise<Uint8Array> | undefined
    try {
      let [current, other] = [buffers.take(), buffers.take()]
      let start = range.start
      ahead = start > range.end ? undefined : readPiece(handle, current, start, range.end)
      while (ahead !== undefined) {
        const piece = await ahead
        start += piece.length
        ahead = start > range.end ? undefined : readPiece(handle, other, start, range.end)
        // The rejection is thrown where the piece is awaited; until then nobody may be listening.
        ahead?.catch(() => undefined)
        yield piece
        ;[current, other] = [other, current]
      }
      buffers.giveBack(current, other)
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

async function readPiece(handle: FileHandle, buffer: Buffer, start: number, end: number): Promise<Uint8Array> {
  const length = Math.min(buffer.length, end - start + 1)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled)
    if (bytesRead === 0) throw new StoreCorruptError('a blob is shorter than it was when it was committed')
    filled += bytesRead
  }
  return buffer.subarray(0, length)
}
