import { afterAll, beforeAll, describe } from '@jest/globals'
import { Cluster, type Redis } from 'ioredis'
import {
  type RedisBackend,
  type RedisClusterBackend,
  startRedis,
  startRedisCluster,
} from '../../../../../test/support/backends/index.ts'
import { connectRedis } from '../../redis/connect-redis.ts'
import type { RedisClient } from '../../redis/redis-client.ts'
import { describeNotifications } from '../notifications.suite.ts'
import type { OpenNotifications } from '../suite/samples.suite.ts'
import { openRedisNotifications } from './index.ts'
import { PARTITIONS } from './keys.ts'

const ignore = (): void => undefined

/** The capacity of a suite is that of one device, which has the share of its partition. */
const opener =
  (redis: () => RedisClient): OpenNotifications =>
  ({ place, duplicateWindowMs, capacity }) =>
    openRedisNotifications({
      redis: redis(),
      prefix: `${place}:`,
      duplicateWindowMs,
      capacity: capacity * PARTITIONS,
    })

describe('one Redis', () => {
  let backend: RedisBackend
  let redis: Redis

  beforeAll(async () => {
    backend = await startRedis()
    redis = await connectRedis({ url: backend.url, onError: ignore })
  })
  afterAll(async () => {
    await redis.quit()
    await backend.stop()
  })

  describeNotifications(
    'Redis notifications',
    opener(() => redis),
  )
})

describe('a Redis cluster', () => {
  let backend: RedisClusterBackend
  let cluster: Cluster

  beforeAll(async () => {
    backend = await startRedisCluster()
    cluster = new Cluster(backend.ports.map((port) => ({ host: '127.0.0.1', port })))
  }, 20_000)
  afterAll(async () => {
    await cluster.quit()
    await backend.stop()
  })

  describeNotifications(
    'Redis Cluster notifications',
    opener(() => cluster),
  )
})
