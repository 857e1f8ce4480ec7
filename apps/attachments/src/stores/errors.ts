import { openingTrouble } from '#stores'

/** What is kept cannot be opened. The message is one sentence that names the directory and what is wrong with it. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
  readonly code = 'DATA_DIRECTORY_UNUSABLE'
  constructor(directory: string, cause: unknown) {
    super(`The data directory ${directory} cannot be used: ${openingTrouble(cause)}.`, { cause })
  }
}

/** Redis or S3 cannot be used as they are configured. The message is one sentence. */
export class DistributedStoresError extends Error {
  override readonly name = 'DistributedStoresError'
  readonly code = 'DISTRIBUTED_STORES_UNUSABLE'
  constructor(cause: unknown) {
    super(`The stores behind SOTTO_REDIS_URL and SOTTO_S3_ENDPOINT cannot be used: ${openingTrouble(cause)}.`, {
      cause,
    })
  }
}
