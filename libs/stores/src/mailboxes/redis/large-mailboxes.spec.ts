import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Redis } from 'ioredis'
import { type RedisBackend, startRedis } from '../../../../../test/support/backends/index.ts'
import { StoreCorruptError } from '../../index.ts'
import { connectRedis } from '../../redis/connect-redis.ts'
import type { Mailboxes, OutboxEntry } from '../mailboxes.ts'
import { ALICE, BOB, DAY, hashOf, labels, message, NOON, ROOMY } from '../suite/samples.suite.ts'
import { openRedisMailboxes } from './index.ts'
import { mailboxKeys, partitionKeys, partitionOf, PARTITIONS } from './keys.ts'

const EVER = Number.MAX_SAFE_INTEGER
const ignore = (): void => undefined
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `m${index}`)
const accountOf = (index: number): string => `05${index.toString(16).padStart(64, '0')}`
let count = 0

describe('Redis mailboxes', () => {
  let backend: RedisBackend
  let redis: Redis
  let mailboxes: Mailboxes
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
    mailboxes = await openRedisMailboxes({ redis, prefix, quota: ROOMY })
  })

  const storeMany = (labelsOfMany: readonly string[], changes: Parameters<typeof message>[1] = {}): Promise<unknown> =>
    Promise.all(labelsOfMany.map((label) => mailboxes.store(message(label, changes), NOON)))

  it('leave the revoked tokens and the last number behind when every message is gone', async () => {
    await storeMany(names(3))
    await mailboxes.store(message('p', { namespace: 3, isProtected: true, expiry: NOON + 1 }), NOON)
    await mailboxes.revoke(ALICE, [Uint8Array.of(1)], 50)
    expect(await redis.keys(`${prefix}*`)).toHaveLength(10)
    await mailboxes.removeExpired(NOON + 1, 10)
    await mailboxes.deleteRange(ALICE, { namespace: 'all' }, NOON + 1)
    await mailboxes.removeFromOutbox((await mailboxes.outbox(EVER, 10)).map(({ id }) => id))
    const left = [mailboxKeys(prefix, ALICE).revoked, partitionKeys(prefix, partitionOf(ALICE)).last]
    expect((await redis.keys(`${prefix}*`)).sort()).toEqual(left.sort())
  })

  it('do with more messages than Lua takes at a time', async () => {
    const many = names(9_000)
    await storeMany(many)
    await storeMany(['x'], { namespace: 1 })
    expect((await labels(mailboxes)).length).toBe(9_000)
    const hashes = many.map(hashOf)
    const later = await mailboxes.changeExpiries(
      ALICE,
      hashes,
      (times) => new Map([...times].map(([hash]) => [hash, NOON + 3 * DAY])),
      NOON,
    )
    expect(later.size).toBe(9_000)
    expect((await mailboxes.shorten(ALICE, 0, NOON + 2 * DAY, NOON)).get(0)).toEqual(hashes)
    const times = await mailboxes.times(ALICE, hashes, NOON)
    expect([...times.values()].every(({ expiry }) => expiry === NOON + 2 * DAY)).toBe(true)
    expect(await mailboxes.delete(ALICE, hashes.slice(0, 100), NOON)).toHaveLength(100)
    const left = await mailboxes.deleteRange(ALICE, { namespace: 'all' }, NOON)
    expect([left.get(0)?.length, left.get(1)?.length]).toEqual([8_900, 1])
    expect(await mailboxes.usage(ALICE)).toEqual({ messages: 0, bytes: 0 })
  })

  it('replace and evict more messages than Lua takes at a time', async () => {
    await storeMany(names(1_200))
    const tight = await openRedisMailboxes({ redis, prefix, quota: { messages: 100, bytes: 1_000 } })
    expect(await tight.store(message('x', { namespace: 1 }), NOON)).toMatchObject({ evicted: 1_101 })
    expect((await labels(tight)).at(0)).toBe('m1101')
    await storeMany(names(1_200))
    const replacing = message('y', { replacesNamespace: true })
    expect(await tight.store(replacing, NOON)).toMatchObject({ evicted: 0 })
    expect(await tight.usage(ALICE)).toEqual({ messages: 2, bytes: 10 })
  })

  it('sweep more messages in one call than a partition is asked for at first', async () => {
    await storeMany(names(1_500), { expiry: NOON + 1 })
    await storeMany(names(40), { account: BOB, expiry: NOON + 2 })
    await storeMany(['live'])
    expect(await mailboxes.removeExpired(NOON + 2, 1_000)).toBe(1_000)
    expect(await mailboxes.removeExpired(NOON + 2, 1_000)).toBe(540)
    expect(await labels(mailboxes)).toEqual(['live'])
  })

  it('sweep the expiry of a message that is not there', async () => {
    const { expiries } = partitionKeys(prefix, partitionOf(ALICE))
    await redis.zadd(expiries, NOON, `${ALICE}:${hashOf('a')}`)
    expect(await mailboxes.removeExpired(NOON, 10)).toBe(0)
    expect(await redis.exists(expiries)).toBe(0)
  })

  it('have the oldest events first, however they lie over partitions', async () => {
    const order = Array.from({ length: 300 }, (_, index) => (index < 150 ? ALICE : accountOf(index)))
    for (const [index, account] of order.entries()) {
      await mailboxes.store(message(`m${index}`, { account }), NOON + index)
    }
    const text = ({ payload }: OutboxEntry): string => Buffer.from(payload).toString()
    const expected = names(300).map((name) => `event ${name}`)
    for (const limit of [1, 32, 33, 149, 160, 300, 1_000]) {
      expect((await mailboxes.outbox(EVER, limit)).map(text)).toEqual(expected.slice(0, limit))
    }
    const all = await mailboxes.outbox(EVER, 1_000)
    await mailboxes.removeFromOutbox(all.slice(0, 299).map(({ id }) => id))
    expect((await mailboxes.outbox(EVER, 1_000)).map(text)).toEqual(['event m299'])
  })

  it('number an entry above the last one when the clock of the server goes back', async () => {
    const { last } = partitionKeys(prefix, partitionOf(ALICE))
    await redis.set(last, '8000000000000000')
    await storeMany(['a', 'b'])
    const ids = (await mailboxes.outbox(EVER, 2)).map(({ id }) => id.slice(id.indexOf('-') + 1))
    expect(ids).toEqual(['8000000000000001', '8000000000000002'])
  })

  it('know their scripts again after the server has forgotten them', async () => {
    await storeMany(['a'])
    await redis.script('FLUSH')
    await storeMany(['b'])
    expect(await labels(mailboxes)).toEqual(['a', 'b'])
  })

  it('refuse what they have not written', async () => {
    const { meta, revoked } = mailboxKeys(prefix, ALICE)
    await storeMany(['a'])
    await redis.hset(meta, hashOf('a'), 'other')
    await redis.set(revoked, 'text')
    await expect(labels(mailboxes)).rejects.toThrow(StoreCorruptError)
    await expect(mailboxes.times(ALICE, [hashOf('a')], NOON)).rejects.toThrow(StoreCorruptError)
    await expect(mailboxes.store(message('a'), NOON)).rejects.toThrow(StoreCorruptError)
    await expect(mailboxes.revokedTokens(ALICE)).rejects.toThrow(StoreCorruptError)
    await redis.hset(meta, hashOf('a'), `0:1:${NOON + 1}:5:0`)
    await redis.del(meta.replace(/meta$/, 'data'))
    await expect(labels(mailboxes)).rejects.toThrow(StoreCorruptError)
  })

  it('lie in all partitions', () => {
    const seen = new Set(Array.from({ length: 5_000 }, (_, index) => partitionOf(accountOf(index))))
    expect(seen.size).toBe(PARTITIONS)
    expect(mailboxKeys('p:', ALICE).meta).toBe(`p:{m${partitionOf(ALICE)}}:${ALICE}:meta`)
  })
})
