import { afterAll, beforeAll, describe } from '@jest/globals'
import { Cluster, type Redis } from 'ioredis'
import {
  type RedisBackend,
  type RedisClusterBackend,
  startRedis,
  startRedisCluster,
} from '../../../../../test/support/backends/index.ts'
import { connectRedis } from '../../redis/connect-redis.ts'
import { describeMailboxes } from '../mailboxes.suite.ts'
import { openRedisMailboxes } from './index.ts'

const ignore = (): void => undefined

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

  describeMailboxes('Redis mailboxes', ({ place, quota }) => openRedisMailboxes({ redis, prefix: `${place}:`, quota }))
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

  describeMailboxes('Redis Cluster mailboxes', ({ place, quota }) =>
    openRedisMailboxes({ redis: cluster, prefix: `${place}:`, quota }),
  )
})
