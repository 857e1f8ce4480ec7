import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Redis } from 'ioredis'
import { type RedisBackend, startRedis } from '../../../../../test/support/backends/index.ts'
import { StoreCorruptError } from '../../index.ts'
import { connectRedis } from '../../redis/connect-redis.ts'
import type { Subscriptions } from '../subscriptions.ts'
import {
  ALICE,
  AT_NOON,
  BOB,
  digestOf,
  labels,
  LIFETIME_S,
  LIMITS,
  NOON,
  NOON_S,
  subscription,
} from '../suite/samples.suite.ts'
import { openRedisSubscriptions } from './index.ts'
import { accountKeys, deviceKey, partitionKeys, partitionOf, PARTITIONS, toText } from './keys.ts'

const DAY_S = 86_400
let count = 0

describe('what Redis subscriptions have in Redis', () => {
  let backend: RedisBackend
  let redis: Redis
  let subscriptions: Subscriptions
  let prefix: string
  const alice = (): string => accountKeys(prefix, toText(ALICE)).record
  const deviceA = (): string => deviceKey(prefix, toText(digestOf('a')))

  beforeAll(async () => {
    backend = await startRedis()
    redis = await connectRedis({ url: backend.url, onError: () => undefined })
  })
  afterAll(async () => {
    await redis.quit()
    await backend.stop()
  })
  beforeEach(async () => {
    prefix = `t${count++}:`
    subscriptions = await openRedisSubscriptions({ redis, prefix, ...LIMITS })
  })

  it('is a record, an age and a count for the account, and the account for the device', async () => {
    await subscriptions.put(subscription('a'), NOON)
    const { record, ages, counts } = accountKeys(prefix, toText(ALICE))
    expect((await redis.keys(`${prefix}*`)).sort()).toEqual([record, ages, counts, deviceA()].sort())
    expect(await redis.zrange(ages, '0', '-1', 'WITHSCORES')).toEqual([toText(ALICE), String(NOON_S)])
    expect(await redis.zrange(deviceA(), '0', '-1', 'WITHSCORES')).toEqual([toText(ALICE), String(NOON_S)])
  })

  it('is only what the devices know, and the unsubscription, when the last subscription of an account goes', async () => {
    await subscriptions.put(subscription('a'), NOON)
    await subscriptions.put(subscription('b', { signedAt: NOON_S - LIFETIME_S }), NOON)
    await subscriptions.remove(ALICE, digestOf('a'), AT_NOON)
    await subscriptions.removeExpired(NOON, 10)
    const deviceB = deviceKey(prefix, toText(digestOf('b')))
    const { unsubscribed } = accountKeys(prefix, toText(ALICE))
    expect((await redis.keys(`${prefix}*`)).sort()).toEqual([unsubscribed, deviceA(), deviceB].sort())
    await subscriptions.put(subscription('a'), NOON)
    expect(await redis.exists(unsubscribed)).toBe(0)
  })

  it('is no unsubscription whose time is over, and goes with the last one by itself a day later', async () => {
    const { unsubscribed } = accountKeys(prefix, toText(ALICE))
    const expectLifetime = async (seconds: number): Promise<void> => {
      const lifetime = await redis.pttl(unsubscribed)
      expect(lifetime).toBeGreaterThan(1_000 * (seconds - 120))
      expect(lifetime).toBeLessThanOrEqual(1_000 * seconds)
    }
    await subscriptions.remove(ALICE, digestOf('a'), AT_NOON)
    await expectLifetime(LIFETIME_S + DAY_S)
    await subscriptions.remove(ALICE, digestOf('b'), { signedAt: NOON_S - 1_000, now: NOON })
    await subscriptions.remove(ALICE, digestOf('c'), { signedAt: NOON_S - LIFETIME_S, now: NOON })
    await expectLifetime(LIFETIME_S + DAY_S)
    expect(await redis.zrange(unsubscribed, '0', '-1', 'WITHSCORES')).toHaveLength(4)
    const gone = (NOON_S + LIFETIME_S) * 1_000
    await subscriptions.remove(ALICE, digestOf('d'), { signedAt: NOON_S + 1, now: gone })
    expect(await redis.zrange(unsubscribed, '0', '-1')).toHaveLength(1)
    await subscriptions.remove(ALICE, digestOf('d'), { signedAt: NOON_S + 86_400, now: NOON })
    await expectLifetime(LIFETIME_S + 2 * DAY_S)
  })

  it('is forgotten with a device a day after its last subscription may have lived', async () => {
    const expectLifetime = async (seconds: number): Promise<void> => {
      const lifetime = await redis.pttl(deviceA())
      expect(lifetime).toBeGreaterThan(1_000 * (seconds - 120))
      expect(lifetime).toBeLessThanOrEqual(1_000 * seconds)
    }
    await subscriptions.put(subscription('a', { signedAt: NOON_S - 1_000 }), NOON)
    await expectLifetime(LIFETIME_S + DAY_S - 1_000)
    await subscriptions.put(subscription('a', { account: BOB }), NOON)
    await expectLifetime(LIFETIME_S + DAY_S)
    // Neither an older signature nor one whose time is over shortens it.
    await subscriptions.put(subscription('a', { signedAt: NOON_S - LIFETIME_S + 1 }), NOON)
    await subscriptions.put(subscription('a', { account: BOB, signedAt: 1 }), NOON)
    await expectLifetime(LIFETIME_S + DAY_S)
    expect(await redis.zscore(deviceA(), toText(ALICE))).toBe(String(NOON_S - 1_000))
    expect(await redis.zscore(deviceA(), toText(BOB))).toBe(String(NOON_S))
    expect(await subscriptions.removeDevice(digestOf('a'), NOON)).toBe(2)
  })

  it('is no account of a device whose subscription has been over for a day', async () => {
    await subscriptions.put(subscription('a'), NOON)
    const over = NOON_S + LIFETIME_S
    await subscriptions.put(subscription('a', { account: BOB, signedAt: over }), (over + DAY_S) * 1_000 - 1)
    expect(await redis.zcard(deviceA())).toBe(2)
    await subscriptions.put(subscription('a', { account: BOB, signedAt: over }), (over + DAY_S) * 1_000)
    expect(await redis.zrange(deviceA(), '0', '-1')).toEqual([toText(BOB)])
  })

  it('is found by the device although the account had no room at first', async () => {
    const tight = await openRedisSubscriptions({ redis, prefix, ...LIMITS, devicesPerAccount: 1 })
    await tight.put(subscription('b'), NOON)
    expect(await tight.put(subscription('a'), NOON)).toBe('full')
    expect(await tight.removeDevice(digestOf('a'), NOON)).toBe(0)
    await tight.remove(ALICE, digestOf('b'), AT_NOON)
    expect(await tight.put(subscription('a'), NOON)).toBe('added')
    expect(await tight.removeDevice(digestOf('a'), NOON)).toBe(1)
  })

  it('is swept when it is the age of an account that has no record', async () => {
    const { ages } = partitionKeys(prefix, partitionOf(toText(ALICE)))
    await redis.zadd(ages, 1, toText(ALICE))
    expect(await subscriptions.removeExpired(NOON, 10)).toBe(0)
    expect(await redis.exists(ages)).toBe(0)
  })

  it('is swept in more pages than one', async () => {
    // Enough that some partitions have more than a page.
    const accounts = Array.from({ length: 200 * PARTITIONS }, (_, index) => digestOf(`account ${index}`))
    const crowded = accounts.filter((account) => partitionOf(toText(account)) < 2)
    expect(crowded.length).toBeGreaterThan(256)
    const signedAt = NOON_S - LIFETIME_S
    await Promise.all(crowded.map((account) => subscriptions.put(subscription('a', { account, signedAt }), NOON)))
    await subscriptions.put(subscription('live'), NOON)
    const swept = await Promise.all([subscriptions.removeExpired(NOON, 150), subscriptions.removeExpired(NOON, 5_000)])
    expect(swept).toEqual([150, crowded.length - 150])
    expect(await labels(subscriptions)).toEqual(['live'])
  })

  it('is served after the server has forgotten the scripts', async () => {
    await subscriptions.put(subscription('a'), NOON)
    await redis.script('FLUSH')
    expect(await subscriptions.put(subscription('a'), NOON)).toBe('updated')
    expect(await subscriptions.removeDevice(digestOf('a'), NOON)).toBe(1)
  })

  it.each([
    ['of another format', Buffer.of(2, 0, 0)],
    ['cut off in a header', Buffer.from([1, 2, 3])],
    ['cut off in an entry', Buffer.concat([Buffer.of(1), Buffer.alloc(37, 1)])],
  ])('is refused when a record is %s', async (_, record) => {
    await redis.set(alice(), record)
    await redis.zadd(accountKeys(prefix, toText(ALICE)).ages, 1, toText(ALICE))
    await redis.zadd(deviceA(), 1, toText(ALICE))
    const calls = [
      () => subscriptions.matching(ALICE, 0, NOON),
      () => subscriptions.put(subscription('a'), NOON),
      () => subscriptions.remove(ALICE, digestOf('a'), AT_NOON),
      () => subscriptions.removeDevice(digestOf('a'), NOON),
      () => subscriptions.removeExpired(NOON, 10),
    ]
    for (const call of calls) await expect(call()).rejects.toThrow(StoreCorruptError)
    expect(await redis.getBuffer(alice())).toEqual(record)
  })

  it('is refused when a key has a value of another kind', async () => {
    await redis.hset(alice(), 'a', 'b')
    await expect(subscriptions.matching(ALICE, 0, NOON)).rejects.toThrow(StoreCorruptError)
    await expect(subscriptions.put(subscription('a'), NOON)).rejects.toThrow(StoreCorruptError)
    await redis.set(deviceKey(prefix, toText(digestOf('b'))), 'text')
    await expect(subscriptions.removeDevice(digestOf('b'), NOON)).rejects.toThrow(StoreCorruptError)
    await expect(subscriptions.put(subscription('b', { account: BOB }), NOON)).rejects.toThrow(StoreCorruptError)
    expect(await labels(subscriptions, { account: BOB })).toEqual([])
  })

  // Partitions by the published FNV-1a, computed apart from this library.
  it('never changes its place', () => {
    expect(accountKeys('p:', toText(new Uint8Array(16))).record).toBe('p:{s155}:AAAAAAAAAAAAAAAAAAAAAA')
    expect(deviceKey('p:', toText(new Uint8Array(16).fill(255)))).toBe('p:{d23}:_____________________w')
  })
})
