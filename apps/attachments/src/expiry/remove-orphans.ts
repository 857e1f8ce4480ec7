import { setImmediate as pause } from 'node:timers/promises'
import type { FilesContext } from '../files/context.ts'
import { deleteBlob } from '../files/delete-blob.ts'

/** Blobs that are looked up in one query; the port takes up to 1,000. */
const PAGE = 500

/**
 * Removes blobs that no record points to, left behind by a crash between blob and record, and what unfinished uploads left. Younger ones than
 * `graceMs` may belong to an upload under way.
 */
export async function removeOrphans(context: FilesContext, graceMs: number): Promise<void> {
  const before = context.now() - graceMs
  let page: string[] = []
  for await (const { key, committedAt } of context.blobs.list()) {
    if (committedAt >= before) continue
    page.push(key)
    if (page.length < PAGE) continue
    await removeUnreferenced(context, page)
    page = []
    await pause()
  }
  if (page.length > 0) await removeUnreferenced(context, page)
  const unfinished = await context.blobs.removeUnfinished(before)
  if (unfinished > 0) context.events.swept('unfinished', unfinished)
}

async function removeUnreferenced(context: FilesContext, keys: readonly string[]): Promise<void> {
  const orphans = await context.records.findUnreferenced(keys)
  for (const key of orphans) await deleteBlob(context, key)
  if (orphans.length > 0) context.events.swept('orphan-blob', orphans.length)
}
