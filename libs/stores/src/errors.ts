/** Base of every error this library throws; `code` is listed in docs/errors.md. */
export abstract class StoreError extends Error {
  abstract readonly code: string
}

/** Why a store could not be opened, for a sentence to the operator: our own words, or the host's code for it. */
export function openingTrouble(cause: unknown): string {
  if (cause instanceof StoreError) return cause.message
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : 'unknown error'
}

/** The disk, the quota of the object store or the memory of the database is full. Nothing acknowledged is lost. */
export class StoreFullError extends StoreError {
  override readonly name = 'StoreFullError'
  readonly code = 'STORE_FULL'
}

/** The store cannot be reached or answers with an error of its own; trying again later may help. */
export class StoreUnavailableError extends StoreError {
  override readonly name = 'StoreUnavailableError'
  readonly code = 'STORE_UNAVAILABLE'
}

/** What lies in the store is not what this version wrote: damaged, or made by a newer version. */
export class StoreCorruptError extends StoreError {
  override readonly name = 'StoreCorruptError'
  readonly code = 'STORE_CORRUPT'
}

export class BlobNotFoundError extends StoreError {
  override readonly name = 'BlobNotFoundError'
  readonly code = 'BLOB_NOT_FOUND'
}

/** More bytes were written than the blob may have. */
export class BlobTooLargeError extends StoreError {
  override readonly name = 'BlobTooLargeError'
  readonly code = 'BLOB_TOO_LARGE'
}

/** Fewer bytes were written than announced. */
export class BlobIncompleteError extends StoreError {
  override readonly name = 'BlobIncompleteError'
  readonly code = 'BLOB_INCOMPLETE'
}
