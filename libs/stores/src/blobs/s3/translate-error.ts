import { BlobNotFoundError, StoreError, StoreFullError, StoreUnavailableError } from '../../errors.ts'

const NOT_FOUND = new Set(['NoSuchKey', 'NotFound'])
/** What object stores say when a disk or a quota is full. */
const FULL = new Set([
  'XMinioStorageFull',
  'XMinioAdminBucketQuotaExceeded',
  'QuotaExceeded',
  'StorageFull',
  'InsufficientStorage',
])

/** The library's error for one of the object store or of the way to it. */
export function translateS3Error(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = s3ErrorCode(error)
  if (code !== undefined && FULL.has(code)) return new StoreFullError('the object store is full', { cause: error })
  // The cause would name the object, which is the key.
  if (code !== undefined && NOT_FOUND.has(code)) return new BlobNotFoundError('there is no such blob')
  return new StoreUnavailableError('the object store cannot be reached or refuses to serve', { cause: error })
}

/** `work`, whose errors come out as errors of the library. */
export async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw translateS3Error(error)
  }
}

function s3ErrorCode(error: unknown): string | undefined {
  const isError = typeof error === 'object' && error !== null && 'code' in error
  return isError && typeof error.code === 'string' ? error.code : undefined
}
