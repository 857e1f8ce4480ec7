import { afterEach, describe, expect, it } from '@jest/globals'
import type { Redis } from 'ioredis'
import { type RedisBackend, startRedis } from '../../../../../test/support/backends/index.ts'
import { StoreCorruptError, StoreError, StoreFullError, StoreUnavailableError } from '../../index.ts'
import { connectRedis } from '../../redis/connect-redis.ts'
import type { Notifications } from '../notifications.ts'
import {
  acceptAll,
  booksOf,
  deviceOf,
  labelOf,
  LEASE,
  NOON,
  notification,
  SERVICE,
  take,
  takeLabels,
  WINDOW,
} from '../suite/samples.suite.ts'
import { openRedisNotifications } from './index.ts'
import { partitionKeys, PARTITIONS } from './keys.ts'

const ROUNDS = 3
const LANES = 24

describe('Redis in trouble', () => {
  let backend: RedisBackend
  let redis: Redis
  let store: Notifications

  async function open(args: readonly string[]): Promise<void> {
    backend = await startRedis({ args })
    redis = await connectRedis({ url: backend.url, onError: () => undefined })
    store = await openRedisNotifications({ redis, duplicateWindowMs: WINDOW, capacity: 1_000_000 })
  }

  async function restart(): Promise<void> {
    await backend.restart()
    await new Promise((resolve) => (redis.status === 'ready' ? resolve(undefined) : redis.once('ready', resolve)))
  }

  afterEach(async () => {
    redis.disconnect()
    await backend.stop()
  })

  it('is full: accepts nothing or all of a piece, and can be emptied', async () => {
    await open(['--maxmemory', '4mb', '--maxmemory-policy', 'noeviction'])
    let accepted = 0
    const fill = async (): Promise<void> => {
      for (; accepted < 3_000; accepted += 3) {
        const some = ['x', 'y', 'z'].map((name) => notification(`${name}${accepted}`, { length: 7_000 }))
        await store.accept(some, NOON)
      }
    }
    await expect(fill()).rejects.toThrow(StoreFullError)
    expect(accepted).toBeGreaterThan(0)
    expect(await booksOf(store)).toEqual([accepted, 0, 0, 0, 0, accepted])
    await redis.config('SET', 'maxmemory', '1mb')
    await expect(store.accept([notification('more')], NOON)).rejects.toThrow(StoreFullError)
    const taken = await take(store, { limit: 3 })
    const [first, second, third] = taken
    if (first === undefined || second === undefined || third === undefined) throw new Error('nothing is due')
    await store.postpone(first, { dueAt: NOON + 5, attempts: 1 })
    expect(await store.end([second], 'handed-over')).toBe(1)
    expect(await store.endOlder(SERVICE, NOON, 2)).toBe(2)
    expect(await store.endDevice(SERVICE, deviceOf(1), NOON)).toBe(accepted - 3)
    expect(await booksOf(store)).toEqual([accepted, 1, 2, accepted - 3, 0, 0])
    await redis.config('SET', 'maxmemory', '4mb')
    expect(await store.accept([notification('more')], NOON)).toBe(1)
  })

  it('is gone: fails with the error of the library and has what it acknowledged when it is back', async () => {
    await open([])
    await store.accept([notification('a')], NOON)
    await backend.kill()
    await expect(store.check()).rejects.toThrow(StoreUnavailableError)
    await expect(store.accept([notification('b')], NOON)).rejects.toThrow(StoreUnavailableError)
    await expect(take(store)).rejects.toThrow(StoreUnavailableError)
    await expect(store.nextDue(SERVICE)).rejects.toThrow(StoreUnavailableError)
    await expect(store.books()).rejects.toThrow(StoreUnavailableError)
    await expect(store.endOlder(SERVICE, NOON, 1)).rejects.toThrow(StoreUnavailableError)
    await expect(store.endDevice(SERVICE, deviceOf(1), NOON)).rejects.toThrow(StoreUnavailableError)
    await restart()
    expect(await takeLabels(store)).toEqual(['a'])
  })

  it('is killed during everything: loses no accepted one, ends none twice, and its books balance', async () => {
    await open(['--appendfsync', 'everysec'])
    const accepted = new Set<string>()
    const ended = new Set<string>()
    let now = NOON
    const untilKilled = async (work: () => Promise<void>): Promise<void> => {
      try {
        for (;;) await work()
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
      }
    }
    const acceptUntilKilled = (round: number, lane: number): Promise<void> => {
      let count = 0
      return untilKilled(async () => {
        const label = `r${round}l${lane}i${count++}`
        await store.accept([notification(label, { device: deviceOf(count % 40), length: 500 })], now)
        accepted.add(label)
        if (accepted.size === round * 400) await backend.kill()
      })
    }
    const deliverUntilKilled = (): Promise<void> =>
      untilKilled(async () => {
        const [first, ...rest] = await take(store, { limit: 10, now })
        if (first === undefined) return
        await store.end(rest, 'handed-over')
        for (const one of rest) ended.add(labelOf(one))
        await store.postpone(first, { dueAt: now, attempts: 1 })
      })
    for (let round = 1; round <= ROUNDS; round++) {
      const lanes = Array.from({ length: LANES }, (_, lane) => acceptUntilKilled(round, lane))
      await Promise.all([...lanes, deliverUntilKilled(), deliverUntilKilled()])
      await restart()
      now += LEASE
    }
    expect(accepted.size).toBeGreaterThanOrEqual(ROUNDS * 400)
    expect(ended.size).toBeGreaterThan(0)

    const waiting = await take(store, { limit: 100_000, now })
    const labels = new Set(waiting.map(labelOf))
    expect(labels.size).toBe(waiting.length)
    const [all = 0, handedOver = 0, ...rest] = await booksOf(store)
    expect(rest).toEqual([0, 0, 0, waiting.length])
    expect(all).toBe(handedOver + waiting.length)
    expect(handedOver).toBeGreaterThanOrEqual(ended.size)
    expect([...ended].filter((label) => labels.has(label))).toEqual([])
    const gone = [...accepted].filter((label) => !labels.has(label) && !ended.has(label))
    expect(gone.length).toBeLessThanOrEqual(handedOver - ended.size)
    expect(await store.end(waiting, 'expired')).toBe(waiting.length)
  })

  it('leaves nothing behind but books, the last number and what was seen', async () => {
    await open([])
    await acceptAll(store, [notification('a'), notification('b'), notification('c')])
    const [a, b] = await take(store, { limit: 2 })
    if (a === undefined || b === undefined) throw new Error('nothing is due')
    await store.postpone(b, { dueAt: NOON + 1, attempts: 1 })
    await store.end([a], 'handed-over')
    await store.endDevice(SERVICE, deviceOf(1), NOON)
    const generation = Math.floor(NOON / WINDOW)
    const { books, last, seen } = partitionKeys('sotto:', 1)
    expect((await redis.keys('*')).sort()).toEqual([books, last, seen(generation)].sort())
    const lifetime = await redis.pttl(seen(generation))
    expect(lifetime > 2 * WINDOW && lifetime <= 3 * WINDOW).toBe(true)
    await store.forgetDuplicates(NOON + 2 * WINDOW)
    expect((await redis.keys('*')).sort()).toEqual([books, last].sort())
  })

  it('lets a second process take as many when a first was faster', async () => {
    await open([])
    const other = await openRedisNotifications({ redis, duplicateWindowMs: WINDOW, capacity: 1_000_000 })
    const many = Array.from({ length: 200 }, (_, index) => notification(`m${index}`, { device: deviceOf(index) }))
    await store.accept(many, NOON)
    const [ours, theirs] = await Promise.all([take(store, { limit: 64 }), take(other, { limit: 64 })])
    expect([ours.length, theirs.length]).toEqual([64, 64])
    expect(new Set([...ours, ...theirs].map(({ id }) => id)).size).toBe(128)
  })

  it('numbers a notification above the last one when the clock of the server goes back', async () => {
    await open([])
    await redis.set(partitionKeys('sotto:', 1).last, '8000000000000000')
    await acceptAll(store, [notification('a'), notification('b')])
    expect((await take(store)).map(({ id }) => id)).toEqual(['n1-8000000000000001', 'n1-8000000000000002'])
  })

  it('has forgotten its scripts: learns them again', async () => {
    await open([])
    await store.accept([notification('a')], NOON)
    await redis.script('FLUSH')
    await store.accept([notification('b')], NOON)
    expect(await takeLabels(store)).toEqual(['a', 'b'])
  })

  it('has what this store has not written: says so and changes nothing', async () => {
    await open([])
    await store.accept([notification('a')], NOON)
    const { queue, books } = partitionKeys('sotto:', deviceOf(1)[0] ?? PARTITIONS)
    const [due, meta, contents] = queue(SERVICE)
    const taken = await take(store, { leaseMs: 0 })
    const [id = ''] = await redis.hkeys(meta)
    const raw = await redis.hgetBuffer(meta, id)
    await redis.hset(meta, id, 'other')
    await expect(take(store)).rejects.toThrow(StoreCorruptError)
    await expect(store.end(taken, 'handed-over')).rejects.toThrow(StoreCorruptError)
    await expect(store.endDevice(SERVICE, deviceOf(1), NOON)).rejects.toThrow(StoreCorruptError)
    await redis.hset(meta, id, raw ?? '')
    await redis.hdel(contents, id)
    await expect(take(store)).rejects.toThrow(StoreCorruptError)
    expect(await booksOf(store)).toEqual([1, 0, 0, 0, 0, 1])
    await redis.hset(books, 'firebase:accepted', 'many')
    await expect(store.books()).rejects.toThrow(StoreCorruptError)
    await redis.set(due, 'text')
    await expect(store.accept([notification('b')], NOON)).rejects.toThrow(StoreCorruptError)
  })
})
