import type { Crypto } from '#crypto'
import type { AttachmentsConfig } from '../config/attachments-config.ts'
import { DataDirectoryError, DistributedStoresError } from './errors.ts'
import { openDistributed } from './open-distributed.ts'
import { openEmbedded } from './open-embedded.ts'
import type { Stores } from './stores.ts'

/**
 * Opens the stores that the configuration names; `onError` hears of connections that are lost later. Rejects with `DataDirectoryError` or
 * `DistributedStoresError`.
 */
export async function openStores(
  { stores, dataDirectory }: AttachmentsConfig,
  crypto: Crypto,
  onError: (error: unknown) => void,
): Promise<Stores> {
  try {
    if (stores.kind === 'embedded') return await openEmbedded(dataDirectory, crypto)
    return await openDistributed(stores, crypto, onError)
  } catch (error) {
    throw stores.kind === 'embedded' ? new DataDirectoryError(dataDirectory, error) : new DistributedStoresError(error)
  }
}
