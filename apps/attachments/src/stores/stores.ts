import type { Blobs, FileRecords } from '#stores'

/** Where the files of this service lie. */
export interface Stores {
  readonly records: FileRecords
  readonly blobs: Blobs
  /** Ends what both were opened with. */
  readonly release?: () => Promise<void>
}

/** Closes both, the second even when the first fails. */
export async function closeStores({ records, blobs, release }: Stores): Promise<void> {
  try {
    await records.close()
  } finally {
    await blobs.close()
    await release?.()
  }
}
