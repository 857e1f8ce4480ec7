import { StoreCorruptError, StoreError, StoreFullError, StoreUnavailableError } from '../errors.ts'

/** The library's error for one of Redis or of the way to it; an error of the library passes through. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const message = messageOf(error)
  // An append-only file that finds no room shows itself as MISCONF.
  if (message.includes('OOM command not allowed') || message.includes('No space left on device')) {
    return new StoreFullError('the memory or the disk of Redis is full', { cause: error })
  }
  if (message.includes('WRONGTYPE')) {
    return new StoreCorruptError('Redis has a value of another kind under a key of this store', { cause: error })
  }
  // Scripts say so themselves of what they cannot read.
  if (message.includes('CORRUPT')) {
    return new StoreCorruptError('Redis has a value of another shape under a key of this store', { cause: error })
  }
  return new StoreUnavailableError('Redis cannot be reached or refuses to serve', { cause: error })
}

/** `work`, whose errors come out as errors of the library. */
export async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw toStoreError(error)
  }
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : ''
}
