import type { RequestBody } from '#endpoints'
import { numericId } from '#protocol'
import type { FileRecord, NewFile, PutOutcome } from '#stores'
import type { FilesContext } from './context.ts'
import { deleteBlob } from './delete-blob.ts'
import { FileIdsExhaustedError } from './errors.ts'
import { receiveBody } from './receive-body.ts'

/** Version of the storage format: the bytes as uploaded. */
const FORMAT_PLAIN = 1
/** Random numeric ids tried before the server calls itself full (files §2.1). */
const NUMERIC_ID_TRIES = 25

/**
 * Stores an upload and answers only once it is durable: first the blob, then the record that makes it visible. Whoever loses a race for
 * the same content id removes its own blob. `ttl` in milliseconds.
 */
export async function storeFile(context: FilesContext, body: RequestBody, ttl: number): Promise<FileRecord> {
  const received = await receiveBody(context, body)
  const stored: NewFile['body'] =
    received.body.kind === 'inline' ? received.body : { kind: 'blob', key: await received.body.writer.commit() }
  const ownBlob = stored.kind === 'blob' ? stored.key : undefined
  try {
    const now = context.now()
    const file = { size: received.size, uploadedAt: now, expiresAt: now + ttl, format: FORMAT_PLAIN, body: stored }
    const put =
      received.contentId === undefined
        ? await putNumeric(context, file)
        : await putContent(context, { ...file, id: received.contentId })
    if (put.outcome !== 'created') await deleteBlob(context, ownBlob)
    await deleteBlob(context, put.replacedBlob)
    context.events.uploaded(put.outcome === 'created' ? 'created' : 'renewed', received.size)
    return put.record
  } catch (error) {
    await deleteBlob(context, ownBlob)
    throw error
  }
}

async function putNumeric(context: FilesContext, file: Omit<NewFile, 'id'>): Promise<PutOutcome> {
  for (let attempt = 0; attempt < NUMERIC_ID_TRIES; attempt++) {
    const id = numericId(context.crypto.randomBytes(8))
    const put = await context.records.put({ ...file, id }, { ifExists: 'refuse' })
    if (put.outcome === 'created') return put
  }
  throw new FileIdsExhaustedError()
}

async function putContent(context: FilesContext, file: NewFile): Promise<PutOutcome> {
  const put = await context.records.put(file, { ifExists: 'renew' })
  const { location } = put.record
  if (put.outcome === 'created' || location.kind === 'inline') return put
  if ((await context.blobs.size(location.key)) !== undefined) return put
  // The record outlived its blob; the bytes just uploaded take its place.
  await context.records.removeLost(file.id, location.key)
  return context.records.put(file, { ifExists: 'renew' })
}
