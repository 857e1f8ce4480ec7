import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Crypto } from '#crypto'
import type { Mailboxes } from '#stores'
import { openSqliteMailboxes } from '#stores/mailboxes/sqlite/index'
import type { CoreConfig } from '../config/core-config.ts'
import { MailboxStoreError } from '../errors.ts'

/** Where mailboxes are kept, and how that is left. */
export interface OpenMailboxes {
  readonly mailboxes: Mailboxes
  close(): Promise<void>
}

/**
 * Opens the store that the configuration names; `onError` hears of connections that are lost later. Rejects with `MailboxStoreError`, whose
 * message is one sentence for the operator.
 */
export async function openMailboxes(
  config: CoreConfig,
  crypto: Crypto,
  onError: (error: unknown) => void,
): Promise<OpenMailboxes> {
  const { redisUrl } = config
  try {
    return redisUrl === undefined ? await openEmbedded(config, crypto) : await openRedis(redisUrl, config, onError)
  } catch (error) {
    throw new MailboxStoreError(redisUrl === undefined ? config.dataDirectory : 'Redis', error)
  }
}

async function openEmbedded({ dataDirectory, quota }: CoreConfig, crypto: Crypto): Promise<OpenMailboxes> {
  const directory = join(dataDirectory, 'core')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'mailboxes.sqlite')
  const mailboxes = await openSqliteMailboxes({ path, quota, randomBytes: (length) => crypto.randomBytes(length) })
  return { mailboxes, close: () => mailboxes.close() }
}

/** The libraries of Redis are loaded only here. */
async function openRedis(
  url: string,
  { quota }: CoreConfig,
  onError: (error: unknown) => void,
): Promise<OpenMailboxes> {
  const [{ connectRedis }, { openRedisMailboxes }] = await Promise.all([
    import('#stores/redis/connect-redis'),
    import('#stores/mailboxes/redis/index'),
  ])
  const redis = await connectRedis({ url, onError })
  try {
    const mailboxes = await openRedisMailboxes({ redis, quota })
    return {
      mailboxes,
      close: async () => {
        await mailboxes.close()
        redis.disconnect()
      },
    }
  } catch (error) {
    redis.disconnect()
    throw error
  }
}
