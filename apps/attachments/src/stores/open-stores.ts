import type { Crypto } from '#crypto'
import type { AttachmentsConfig } from '../config/attachments-config.ts'
import { DataDirectoryError } from './errors.ts'
import { openEmbedded } from './open-embedded.ts'
import type { Stores } from './stores.ts'

/** Opens the stores that the configuration names. Rejects with `DataDirectoryError`. */
export async function openStores(config: AttachmentsConfig, crypto: Crypto): Promise<Stores> {
  try {
    return await openEmbedded(config.dataDirectory, crypto)
  } catch (error) {
    throw new DataDirectoryError(config.dataDirectory, error)
  }
}
