import { afterEach, describe, expect, it } from '@jest/globals'
import type { Redis } from 'ioredis'
import { type RedisBackend, startRedis } from '../../../../../test/support/backends/index.ts'
import { StoreError, StoreFullError, StoreUnavailableError } from '../../index.ts'
import { connectRedis } from '../../redis/connect-redis.ts'
import type { Subscriptions } from '../subscriptions.ts'
import {
  ALICE,
  AT_NOON,
  digestOf,
  labels,
  LIFETIME_S,
  LIMITS,
  NOON,
  NOON_S,
  subscription,
} from '../suite/samples.suite.ts'
import { openRedisSubscriptions } from './index.ts'

const ROUNDS = 3
const LANES = 24

describe('Redis in trouble', () => {
  let backend: RedisBackend
  let redis: Redis
  let subscriptions: Subscriptions

  async function open(args: readonly string[]): Promise<void> {
    backend = await startRedis({ args })
    redis = await connectRedis({ url: backend.url, onError: () => undefined })
    subscriptions = await openRedisSubscriptions({ redis, ...LIMITS })
  }

  async function restart(): Promise<void> {
    await backend.restart()
    await new Promise((resolve) => (redis.status === 'ready' ? resolve(undefined) : redis.once('ready', resolve)))
  }

  afterEach(async () => {
    redis.disconnect()
    await backend.stop()
  })

  it('is full: changes nothing of what does not fit whole, still removes, and takes subscriptions again', async () => {
    await open(['--maxmemory', '4mb', '--maxmemory-policy', 'noeviction'])
    const sealed = new Uint8Array(4_096)
    const old = { signedAt: NOON_S - LIFETIME_S, sealed }
    for (const label of ['a', 'b', 'c']) await subscriptions.put(subscription(label, { sealed }), NOON)
    let stored = 0
    const fill = async (): Promise<void> => {
      for (; stored < 2_000; stored++) {
        await subscriptions.put(subscription('a', { ...old, account: digestOf(`m${stored}`) }), NOON)
      }
    }
    await expect(fill()).rejects.toThrow(StoreFullError)
    await redis.config('SET', 'maxmemory', '1mb')
    await expect(subscriptions.put(subscription('b', { sealed }), NOON)).rejects.toThrow(StoreFullError)
    const older = subscription('b', { signedAt: NOON_S - 1, registeredAt: NOON + 1 })
    await expect(subscriptions.put(older, NOON)).rejects.toThrow(StoreFullError)
    expect(await subscriptions.counts()).toEqual(new Map([['firebase', stored + 3]]))
    await expect(subscriptions.remove(ALICE, digestOf('unknown'), AT_NOON)).rejects.toThrow(StoreFullError)
    expect(await subscriptions.remove(ALICE, digestOf('a'), AT_NOON)).toBe(true)
    expect(await subscriptions.removeDevice(digestOf('b'), NOON)).toBe(1)
    expect(await labels(subscriptions)).toEqual(['c'])
    expect(await subscriptions.removeExpired(NOON, 10_000)).toBe(stored)
    expect(await subscriptions.counts()).toEqual(new Map([['firebase', 1]]))
    await redis.config('SET', 'maxmemory', '8mb')
    expect(await subscriptions.put(subscription('a', { signedAt: NOON_S - 1 }), NOON)).toBe('superseded')
    expect(await subscriptions.put(subscription('unknown', { signedAt: NOON_S - 1 }), NOON)).toBe('added')
    expect(await subscriptions.put(subscription('again'), NOON)).toBe('added')
  })

  it('is gone: fails with the error of the library and serves what it acknowledged when it is back', async () => {
    await open([])
    await subscriptions.put(subscription('a'), NOON)
    await backend.kill()
    const calls = [
      () => subscriptions.check(),
      () => subscriptions.put(subscription('b'), NOON),
      () => subscriptions.remove(ALICE, digestOf('a'), AT_NOON),
      () => subscriptions.matching(ALICE, 0, NOON),
      () => subscriptions.removeDevice(digestOf('a'), NOON),
      () => subscriptions.removeExpired(NOON, 10),
      () => subscriptions.counts(),
      () => openRedisSubscriptions({ redis, ...LIMITS }),
    ]
    for (const call of calls) await expect(call()).rejects.toThrow(StoreUnavailableError)
    await restart()
    expect(await labels(subscriptions)).toEqual(['a'])
    expect(await subscriptions.removeDevice(digestOf('a'), NOON)).toBe(1)
  })

  it('is killed during puts: has every acknowledged one, counts that are exact, and knows the accounts of each device', async () => {
    await open(['--appendfsync', 'always'])
    const acknowledged: string[] = []
    const asked: string[] = []
    const device = digestOf('device')
    const putUntilKilled = async (round: number, lane: number): Promise<void> => {
      try {
        for (let index = 0; ; index++) {
          const label = `${round} ${lane} ${index}`
          asked.push(label)
          const service = lane % 2 === 0 ? 'apns' : 'firebase'
          await subscriptions.put(subscription('device', { account: digestOf(label), service }), NOON)
          acknowledged.push(label)
          if (acknowledged.length === round * 300) await backend.kill()
        }
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
      }
    }
    for (let round = 1; round <= ROUNDS; round++) {
      await Promise.all(Array.from({ length: LANES }, (_, lane) => putUntilKilled(round, lane)))
      await restart()
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * 300)
    const there = new Map<string, string>()
    for (const label of asked) {
      const [found] = await subscriptions.matching(digestOf(label), 0, NOON)
      if (found !== undefined) there.set(label, found.service)
    }
    expect(acknowledged.filter((label) => !there.has(label))).toEqual([])
    const services = [...there.values()]
    const expected = ['apns', 'firebase'].map((name) => [name, services.filter((one) => one === name).length] as const)
    expect(await subscriptions.counts()).toEqual(new Map(expected))
    expect(await subscriptions.removeDevice(device, NOON)).toBe(there.size)
    expect(await subscriptions.counts()).toEqual(new Map())
  })
})
