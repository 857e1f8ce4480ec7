import { StoreError } from '#stores'

/** What is kept cannot be opened. The message is one sentence that names the directory and what is wrong with it. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
  readonly code = 'DATA_DIRECTORY_UNUSABLE'
  constructor(directory: string, cause: unknown) {
    super(`The data directory ${directory} cannot be used: ${reason(cause)}.`, { cause })
  }
}

/** Redis or S3 cannot be used as they are configured. The message is one sentence. */
export class DistributedStoresError extends Error {
  override readonly name = 'DistributedStoresError'
  readonly code = 'DISTRIBUTED_STORES_UNUSABLE'
  constructor(cause: unknown) {
    super(`The stores behind SOTTO_REDIS_URL and SOTTO_S3_ENDPOINT cannot be used: ${reason(cause)}.`, { cause })
  }
}

function reason(cause: unknown): string {
  if (cause instanceof StoreError) return cause.message
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : 'unknown error'
}
