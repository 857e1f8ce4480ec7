import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Cluster, type Redis } from 'ioredis'
import {
  type RedisBackend,
  type RedisClusterBackend,
  startRedis,
  startRedisCluster,
} from '../../../../../test/support/backends/index.ts'
import {
  type FileRecords,
  type NewFile,
  StoreCorruptError,
  StoreFullError,
  StoreUnavailableError,
} from '../../index.ts'
import { connectRedis } from '../../redis/connect-redis.ts'
import { describeFileRecords } from '../file-records.suite.ts'
import { openRedisFileRecords } from './index.ts'
import { partitionOf, PARTITIONS } from './partition.ts'

const ignore = (): void => undefined
const renew = { ifExists: 'renew' } as const
let count = 0

function inlineFile(id: string, length: number): NewFile {
  const body = { kind: 'inline', bytes: new Uint8Array(length) } as const
  return { id, size: length, uploadedAt: 1_000, expiresAt: 2_000, format: 1, body }
}

function blobFile(id: string, key: string): NewFile {
  return { id, size: 9, uploadedAt: 1_000, expiresAt: 2_000, format: 1, body: { kind: 'blob', key } }
}

describe('one Redis', () => {
  let backend: RedisBackend
  let redis: Redis
  let records: FileRecords
  let prefix: string

  beforeAll(async () => {
    backend = await startRedis()
    redis = await connectRedis({ url: backend.url, onError: ignore })
  })
  afterAll(async () => {
    await redis.quit()
    await backend.stop()
  })
  beforeEach(async () => {
    prefix = `t${count++}:`
    records = await openRedisFileRecords({ redis, prefix })
  })

  describeFileRecords('Redis file records', () => openRedisFileRecords({ redis, prefix: `t${count++}:` }))

  it('gives inline records a lifetime of a day beyond their expiry, and blobs none', async () => {
    await records.put(inlineFile('1', 3), renew)
    await records.put(blobFile('2', 'k'), renew)
    const key = (id: string): string => `${prefix}{f${partitionOf(id)}}:record:${id}`
    const lifetime = await redis.pttl(key('1'))
    expect(lifetime).toBeGreaterThan(86_400_000)
    expect(lifetime).toBeLessThanOrEqual(86_401_000)
    expect(await redis.pttl(key('2'))).toBe(-1)
    await records.put({ ...blobFile('1', 'k1'), uploadedAt: 2_000, expiresAt: 3_000 }, renew)
    expect(await redis.pttl(key('1'))).toBe(-1)
  })

  it('leaves no key behind when every record was removed', async () => {
    await records.put(inlineFile('1', 3), renew)
    await records.put(blobFile('2', 'k2'), renew)
    await records.put(blobFile('3', 'k3'), renew)
    await records.removeLost('3', 'k3')
    expect(await records.removeExpired(2_000, 10)).toEqual({ removed: 2, blobs: ['k2'] })
    expect(await redis.keys(`${prefix}*`)).toEqual([])
  })

  it('sweeps the index of a record that Redis has dropped by itself', async () => {
    await records.put(inlineFile('1', 3), renew)
    await redis.del(`${prefix}{f${partitionOf('1')}}:record:1`)
    expect(await records.get('1', 1_500)).toBeUndefined()
    expect(await records.removeExpired(2_000, 10)).toEqual({ removed: 1, blobs: [] })
    expect(await redis.keys(`${prefix}*`)).toEqual([])
  })

  it('removes more records in one call than one script takes', async () => {
    await Promise.all(Array.from({ length: 1_300 }, (_, id) => records.put(inlineFile(String(id), 1), renew)))
    expect((await records.removeExpired(2_000, 1_200)).removed).toBe(1_200)
    expect((await records.removeExpired(2_000, 1_200)).removed).toBe(100)
  })

  it('knows its scripts again after the server has forgotten them', async () => {
    await records.put(inlineFile('1', 3), renew)
    await redis.script('FLUSH')
    expect((await records.put(inlineFile('1', 3), renew)).outcome).toBe('renewed')
    expect((await records.put(inlineFile('2', 3), renew)).outcome).toBe('created')
  })

  it('refuses a record of another shape', async () => {
    await redis.hset(`${prefix}{f${partitionOf('1')}}:record:1`, { size: 'many' })
    await redis.set(`${prefix}{f${partitionOf('2')}}:record:2`, 'text')
    await expect(records.get('1', 0)).rejects.toThrow(StoreCorruptError)
    await expect(records.get('2', 0)).rejects.toThrow(StoreCorruptError)
  })
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

  describeFileRecords('Redis Cluster file records', () =>
    openRedisFileRecords({ redis: cluster, prefix: `t${count++}:` }),
  )
})

describe('a Redis in trouble', () => {
  let backend: RedisBackend
  let redis: Redis
  let records: FileRecords

  beforeEach(async () => {
    backend = await startRedis({ args: ['--maxmemory', '3mb', '--maxmemory-policy', 'noeviction'] })
    redis = await connectRedis({ url: backend.url, onError: ignore })
    records = await openRedisFileRecords({ redis })
  })
  afterEach(async () => {
    redis.disconnect()
    await backend.stop()
  })

  it('is full: refuses what does not fit whole, keeps the rest, and takes files again after a sweep', async () => {
    let stored = 0
    const fill = async (): Promise<void> => {
      for (; stored < 100; stored += 1) await records.put(inlineFile(String(stored), 100_000), renew)
    }
    await expect(fill()).rejects.toThrow(StoreFullError)
    expect(stored).toBeGreaterThan(0)
    expect(await records.get(String(stored), 1_500)).toBeUndefined()
    expect((await records.read(String(stored - 1), 1_500))?.inline).toHaveLength(100_000)
    expect((await records.removeExpired(2_000, 1_000)).removed).toBe(stored)
    expect((await records.put(inlineFile('again', 100_000), renew)).outcome).toBe('created')
  })

  it('is gone: fails with its own error and serves what it acknowledged when it is back', async () => {
    await records.put(inlineFile('1', 10), renew)
    await backend.kill()
    await expect(records.check()).rejects.toThrow(StoreUnavailableError)
    await expect(records.put(inlineFile('2', 10), renew)).rejects.toThrow(StoreUnavailableError)
    await backend.restart()
    await new Promise((resolve) => (redis.status === 'ready' ? resolve(undefined) : redis.once('ready', resolve)))
    expect((await records.read('1', 1_500))?.inline).toHaveLength(10)
  })

  it('cannot be connected to', async () => {
    await backend.kill()
    await expect(connectRedis({ url: backend.url, onError: ignore })).rejects.toThrow(StoreUnavailableError)
  })
})

describe('partitionOf', () => {
  it('spreads ids over all partitions and never changes', () => {
    const seen = new Set(Array.from({ length: 1_000 }, (_, id) => partitionOf(String(id))))
    expect(seen.size).toBe(PARTITIONS)
    // The published FNV-1a values 0x811c9dc5, 0xe40c292c and 0xbf9cf968.
    expect([partitionOf(''), partitionOf('a'), partitionOf('foobar')]).toEqual([5, 12, 8])
  })
})
