import { afterAll, beforeAll, describe } from '@jest/globals'
import type { Redis } from 'ioredis'
import { openRedisNotifications } from '#stores/notifications/redis/index'
import { connectRedis } from '#stores/redis/connect-redis'
import { openRedisSubscriptions } from '#stores/subscriptions/redis/index'
import { type RedisBackend, startRedis } from '../support/backends/index.ts'
import { NOTIFICATION_RULES, pushRequestsSuite, SUBSCRIPTION_RULES } from './push-requests.suite.ts'

describe('Redis', () => {
  let backend: RedisBackend
  let redis: Redis
  let count = 0
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

  pushRequestsSuite('Redis', {
    notifications: () => openRedisNotifications({ redis, prefix: `n${count++}:`, ...NOTIFICATION_RULES }),
    subscriptions: () => openRedisSubscriptions({ redis, prefix: `s${count++}:`, ...SUBSCRIPTION_RULES }),
  })
})
