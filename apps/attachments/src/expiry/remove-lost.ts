import { setImmediate as pause } from 'node:timers/promises'
import type { FilesContext } from '../files/context.ts'

const PAGE = 500

/** Removes records whose blob is gone, so that the same bytes can be stored again and readers get a plain 404. */
export async function removeLost(context: FilesContext): Promise<void> {
  const { records, blobs, events } = context
  let cursor: string | undefined
  do {
    const { entries, next } = await records.listBlobs(cursor, PAGE)
    for (const { id, key } of entries) {
      const isLost = (await blobs.size(key)) === undefined
      if (isLost && (await records.removeLost(id, key))) events.swept('lost-blob', 1)
    }
    cursor = next
    await pause()
  } while (cursor !== undefined)
}
