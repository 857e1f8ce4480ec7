import { StoreError, StoreFullError, StoreUnavailableError } from '../../errors.ts'

/** The library's error for one of the file system's. */
export function translateFileError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = fileErrorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StoreFullError('the disk under the blobs is full', { cause: error })
  }
  return new StoreUnavailableError('the directory of the blobs does not work', { cause: error })
}

/** The `code` of a file system error, such as `ENOENT`; undefined for anything else. */
export function fileErrorCode(error: unknown): string | undefined {
  // Not `instanceof Error`: the error may come from another realm.
  const isError = typeof error === 'object' && error !== null && 'code' in error
  return isError && typeof error.code === 'string' ? error.code : undefined
}
