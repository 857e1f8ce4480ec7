import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from '@jest/globals'
import type { Redis } from 'ioredis'
import { openRedisNotifications } from '#stores/notifications/redis/index'
import { openSqliteNotifications } from '#stores/notifications/sqlite/index'
import { connectRedis } from '#stores/redis/connect-redis'
import { openRedisSubscriptions } from '#stores/subscriptions/redis/index'
import { openSqliteSubscriptions } from '#stores/subscriptions/sqlite/index'
import { type RedisBackend, startRedis } from '../support/backends/index.ts'
import { NOTIFICATION_RULES, SUBSCRIPTION_RULES } from './push-requests.suite.ts'
import { replaySuite } from './push-replay/replay.suite.ts'

let count = 0

describe('SQLite', () => {
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sotto-push-replay-'))
  })
  afterAll(() => rm(root, { recursive: true }))

  replaySuite('SQLite', async () => ({
    notifications: await openSqliteNotifications({ path: join(root, `n${count++}`), ...NOTIFICATION_RULES }),
    subscriptions: await openSqliteSubscriptions({ path: join(root, `s${count++}`), ...SUBSCRIPTION_RULES }),
  }))
})

describe('Redis', () => {
  let backend: RedisBackend
  let redis: Redis
  beforeAll(async () => {
    backend = await startRedis()
    redis = await connectRedis({
      url: backend.url,
      onError: (error) => {
        throw error
      },
    })
  })
  afterAll(async () => {
    await redis.quit()
    await backend.stop()
  })

  replaySuite('Redis', async () => ({
    notifications: await openRedisNotifications({ redis, prefix: `n${count++}:`, ...NOTIFICATION_RULES }),
    subscriptions: await openRedisSubscriptions({ redis, prefix: `s${count++}:`, ...SUBSCRIPTION_RULES }),
  }))
})
