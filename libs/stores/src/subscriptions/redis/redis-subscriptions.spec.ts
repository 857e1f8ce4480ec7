import { afterAll, beforeAll, describe } from '@jest/globals'
import { Cluster, type Redis } from 'ioredis'
import {
  type RedisBackend,
  type RedisClusterBackend,
  startRedis,
  startRedisCluster,
} from '../../../../../test/support/backends/index.ts'
import { connectRedis } from '../../redis/connect-redis.ts'
import { describeSubscriptions } from '../subscriptions.suite.ts'
import { openRedisSubscriptions } from './index.ts'

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

  describeSubscriptions('Redis subscriptions', ({ place, ...limits }) =>
    openRedisSubscriptions({ redis, prefix: `${place}:`, ...limits }),
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

  describeSubscriptions('Redis Cluster subscriptions', ({ place, ...limits }) =>
    openRedisSubscriptions({ redis: cluster, prefix: `${place}:`, ...limits }),
  )
})
