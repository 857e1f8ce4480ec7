import type { FileRecords } from '../index.ts'

/** All pages of `listBlobs`. */
export async function listAllBlobs(records: FileRecords, limit: number): Promise<{ id: string; key: string }[]> {
  const all: { id: string; key: string }[] = []
  let cursor: string | undefined
  do {
    const { entries, next } = await records.listBlobs(cursor, limit)
    if (entries.length > limit) throw new Error('a page is longer than its limit')
    all.push(...entries)
    cursor = next
  } while (cursor !== undefined)
  return all
}
