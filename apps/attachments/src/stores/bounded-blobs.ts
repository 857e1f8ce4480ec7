import { BudgetExhaustedError, type ByteBudget } from '#runtime'
import { type Blobs, type BlobWriter, StoreUnavailableError } from '#stores'

/** How long an upload waits for memory before it is told to come back. */
const WAIT_MS = 10_000

/** The same blobs, for a store that holds each upload in memory until its commit: all of them together stay within `budget`. */
export function boundedBlobs(blobs: Blobs, budget: ByteBudget): Blobs {
  return {
    async create(options) {
      const release = await reserve(budget, options.expectedSize ?? options.maxSize)
      try {
        return releasing(await blobs.create(options), release)
      } catch (error) {
        release()
        throw error
      }
    },
    read: (key, range) => blobs.read(key, range),
    size: (key) => blobs.size(key),
    delete: (key) => blobs.delete(key),
    list: () => blobs.list(),
    removeUnfinished: (olderThan) => blobs.removeUnfinished(olderThan),
    check: () => blobs.check(),
    close: () => blobs.close(),
  }
}

async function reserve(budget: ByteBudget, bytes: number): Promise<() => void> {
  try {
    const reservation = budget.tryReserve(bytes) ?? (await budget.reserve(bytes, AbortSignal.timeout(WAIT_MS)))
    return () => reservation.release()
  } catch (cause) {
    if (!(cause instanceof BudgetExhaustedError)) throw cause
    throw new StoreUnavailableError('too many uploads are in memory', { cause })
  }
}

function releasing(writer: BlobWriter, release: () => void): BlobWriter {
  return {
    write: (chunk) => writer.write(chunk),
    commit: () => writer.commit().finally(release),
    abort: () => writer.abort().finally(release),
  }
}
