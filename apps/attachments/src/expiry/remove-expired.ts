import { setImmediate as pause } from 'node:timers/promises'
import type { FilesContext } from '../files/context.ts'
import { deleteBlob } from '../files/delete-blob.ts'

/** Records removed in one transaction. */
const PAGE = 500

/** Removes every file whose time is over (files §2.8), in pages that let requests through. */
export async function removeExpired(context: FilesContext): Promise<void> {
  for (;;) {
    const { removed, blobs } = await context.records.removeExpired(context.now(), PAGE)
    for (const key of blobs) await deleteBlob(context, key)
    if (removed > 0) context.events.swept('expired', removed)
    if (removed < PAGE) return
    await pause()
  }
}
