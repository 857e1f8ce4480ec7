import { isWellFormedFileId } from '#protocol'
import { BlobNotFoundError, type ByteRange, type FileRecord } from '#stores'
import type { ReplyBody } from '#endpoints'
import type { FilesContext } from './context.ts'
import { FileNotFoundError } from './errors.ts'

/** A live file and, when it lies in its record, its bytes. */
export interface OpenFile {
  readonly record: FileRecord
  readonly inline?: Uint8Array
}

/** The live file with this id. Throws `FileNotFoundError`, also for a text that cannot be an id. */
export async function openFile(context: FilesContext, id: string | undefined): Promise<OpenFile> {
  const found = id !== undefined && isWellFormedFileId(id) ? await context.records.read(id, context.now()) : undefined
  if (found === undefined) throw new FileNotFoundError()
  return found
}

/** The bytes of a file, or those of `range`. Throws `FileNotFoundError` when a sweep has just removed them. */
export async function fileBytes(context: FilesContext, file: OpenFile, range?: ByteRange): Promise<ReplyBody> {
  const { record, inline } = file
  if (inline !== undefined) return range === undefined ? inline : inline.subarray(range.start, range.end + 1)
  if (record.location.kind === 'inline') throw new FileNotFoundError()
  const length = range === undefined ? record.size : range.end - range.start + 1
  try {
    return { length, chunks: await context.blobs.read(record.location.key, range) }
  } catch (cause) {
    if (cause instanceof BlobNotFoundError) throw new FileNotFoundError({ cause })
    throw cause
  }
}
