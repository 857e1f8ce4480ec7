import type { PushConfig } from '../config/push-config.ts'
import { PushStoreError } from '../errors.ts'
import { openDistributed } from './open-distributed.ts'
import { openEmbedded } from './open-embedded.ts'
import type { Stores } from './stores.ts'

/** Opens the stores that the configuration names; `onError` hears of connections that are lost later. Rejects with `PushStoreError`. */
export async function openStores(config: PushConfig, onError: (error: unknown) => void): Promise<Stores> {
  const { redisUrl, dataDirectory } = config
  try {
    return redisUrl === undefined ? await openEmbedded(config) : await openDistributed(redisUrl, config, onError)
  } catch (error) {
    throw new PushStoreError(redisUrl === undefined ? dataDirectory : 'Redis', error)
  }
}
