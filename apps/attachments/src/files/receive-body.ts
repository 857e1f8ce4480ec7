import type { RequestBody } from '#endpoints'
import { contentId } from '#protocol'
import type { BlobWriter } from '#stores'
import type { FilesContext } from './context.ts'
import { FileSizeError } from './errors.ts'

/** A body that has arrived whole: in memory when it is small, else behind a writer that is not committed yet. */
export interface ReceivedBody {
  readonly size: number
  readonly body:
    { readonly kind: 'inline'; readonly bytes: Uint8Array } | { readonly kind: 'blob'; readonly writer: BlobWriter }
  /** Content id; undefined when ids are numeric. */
  readonly contentId: string | undefined
}

/**
 * Takes in an upload, small ones in memory, larger ones straight to the blob store while they are hashed. Throws `FileSizeError` as soon
 * as the size is known to be out of bounds, and whatever the body or the store throw; nothing is left behind then.
 */
export async function receiveBody(context: FilesContext, body: RequestBody): Promise<ReceivedBody> {
  const { rules, crypto } = context
  if (body.length === 0 || (body.length ?? 0) > rules.maxFileSize) throw new FileSizeError()
  const chunks: Uint8Array[] = []
  let size = 0
  const source = body[Symbol.asyncIterator]()
  try {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      size += next.value.length
      chunks.push(next.value)
      if (size > rules.inlineBytes) return await streamToBlob(context, { chunks, size, source, length: body.length })
    }
  } finally {
    await source.return?.()
  }
  if (size === 0) throw new FileSizeError()
  const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size)
  return {
    size,
    body: { kind: 'inline', bytes },
    contentId: rules.idMode === 'content' ? contentId(crypto, bytes) : undefined,
  }
}

interface Begun {
  readonly chunks: readonly Uint8Array[]
  readonly size: number
  readonly source: AsyncIterator<Uint8Array>
  /** Announced length in bytes, if any. */
  readonly length: number | undefined
}

async function streamToBlob(context: FilesContext, begun: Begun): Promise<ReceivedBody> {
  const { rules, blobs, hashing } = context
  if (begun.size > rules.maxFileSize) throw new FileSizeError()
  const writer = await blobs.create({
    maxSize: rules.maxFileSize,
    ...(begun.length === undefined ? {} : { expectedSize: begun.length }),
  })
  const hasher = rules.idMode === 'content' ? hashing.create(begun.length) : undefined
  try {
    const take = async (chunk: Uint8Array): Promise<void> => {
      await hasher?.update(chunk)
      await writer.write(chunk)
    }
    let { size } = begun
    for (const chunk of begun.chunks) await take(chunk)
    for (let next = await begun.source.next(); next.done !== true; next = await begun.source.next()) {
      size += next.value.length
      if (size > rules.maxFileSize) throw new FileSizeError()
      await take(next.value)
    }
    return { size, body: { kind: 'blob', writer }, contentId: await hasher?.digest() }
  } catch (error) {
    hasher?.discard()
    await writer.abort()
    throw error
  }
}
