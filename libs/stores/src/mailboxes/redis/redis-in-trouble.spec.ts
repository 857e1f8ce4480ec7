import { afterEach, describe, expect, it } from '@jest/globals'
import type { Redis } from 'ioredis'
import { type RedisBackend, startRedis } from '../../../../../test/support/backends/index.ts'
import { StoreError, StoreFullError, StoreUnavailableError } from '../../index.ts'
import { connectRedis } from '../../redis/connect-redis.ts'
import type { Mailboxes } from '../mailboxes.ts'
import { ALICE, DAY, hashOf, message, NOON, ROOMY, UNLIMITED } from '../suite/samples.suite.ts'
import { openRedisMailboxes } from './index.ts'

const EVER = Number.MAX_SAFE_INTEGER
const ROUNDS = 3
const LANES = 24

describe('Redis in trouble', () => {
  let backend: RedisBackend
  let redis: Redis
  let mailboxes: Mailboxes

  async function open(args: readonly string[]): Promise<void> {
    backend = await startRedis({ args })
    redis = await connectRedis({ url: backend.url, onError: () => undefined })
    mailboxes = await openRedisMailboxes({ redis, quota: ROOMY })
  }

  async function restart(): Promise<void> {
    await backend.restart()
    await new Promise((resolve) => (redis.status === 'ready' ? resolve(undefined) : redis.once('ready', resolve)))
  }

  afterEach(async () => {
    redis.disconnect()
    await backend.stop()
  })

  it('is full: changes nothing of what does not fit whole, and takes messages again after a sweep', async () => {
    await open(['--maxmemory', '4mb', '--maxmemory-policy', 'noeviction'])
    const large = (index: number) => message(`m${index}`, { length: 70_000, expiry: NOON + 1 })
    let stored = 0
    const fill = async (): Promise<void> => {
      for (; stored < 200; stored++) await mailboxes.store(large(stored), NOON)
    }
    await expect(fill()).rejects.toThrow(StoreFullError)
    expect(stored).toBeGreaterThan(0)
    const replacing = { ...large(stored), replacesNamespace: true }
    await expect(mailboxes.store(replacing, NOON)).rejects.toThrow(StoreFullError)
    await redis.config('SET', 'maxmemory', '1mb')
    await expect(mailboxes.shorten(ALICE, 'all', NOON, NOON - 1)).rejects.toThrow(StoreFullError)
    await expect(mailboxes.revoke(ALICE, [Uint8Array.of(1)], 50)).rejects.toThrow(StoreFullError)
    expect(await mailboxes.usage(ALICE)).toEqual({ messages: stored, bytes: stored * 70_000 })
    expect(await mailboxes.outbox(EVER, 1_000)).toHaveLength(stored)
    const list = await mailboxes.retrieve({ account: ALICE, namespace: 0, limits: UNLIMITED }, NOON)
    expect(list.messages).toHaveLength(stored)
    expect(await mailboxes.delete(ALICE, [hashOf('m0')], NOON)).toEqual([hashOf('m0')])
    expect(await mailboxes.removeExpired(NOON + 1, 1_000)).toBe(stored - 1)
    await mailboxes.removeFromOutbox((await mailboxes.outbox(EVER, 1_000)).map(({ id }) => id))
    await redis.config('SET', 'maxmemory', '4mb')
    expect(await mailboxes.store(message('again'), NOON)).toMatchObject({ outcome: 'stored' })
  })

  it('is gone: fails with the error of the library and serves what it acknowledged when it is back', async () => {
    await open([])
    await mailboxes.store(message('a'), NOON)
    await backend.kill()
    await expect(mailboxes.check()).rejects.toThrow(StoreUnavailableError)
    await expect(mailboxes.store(message('b'), NOON)).rejects.toThrow(StoreUnavailableError)
    await expect(mailboxes.removeExpired(NOON, 10)).rejects.toThrow(StoreUnavailableError)
    await restart()
    expect((await mailboxes.times(ALICE, [hashOf('a')], NOON)).size).toBe(1)
    expect(await mailboxes.removeExpired(NOON + DAY, 10)).toBe(1)
  })

  it('is killed during stores: has every acknowledged message and its event, and half of none', async () => {
    await open(['--appendfsync', 'always'])
    const acknowledged = new Map<string, string>()
    const accounts = Array.from({ length: 5 }, (_, index) => `05${String(index).repeat(64)}`)
    const storeUntilKilled = async (round: number, lane: number): Promise<void> => {
      try {
        for (let index = 0; ; index++) {
          const account = accounts[lane % accounts.length] ?? ALICE
          const sent = message(`r${round}l${lane}i${index}`, { account, length: 1_000 })
          const outcome = await mailboxes.store(sent, NOON)
          if (outcome.outcome === 'stored') acknowledged.set(sent.hash, outcome.outboxId)
          if (acknowledged.size === round * 300) await backend.kill()
        }
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
      }
    }
    for (let round = 1; round <= ROUNDS; round++) {
      await Promise.all(Array.from({ length: LANES }, (_, lane) => storeUntilKilled(round, lane)))
      await restart()
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS * 300)

    const stored = new Set<string>()
    for (const account of accounts) {
      const { messages } = await mailboxes.retrieve({ account, namespace: 0, limits: UNLIMITED }, NOON)
      for (const { hash, data } of messages) {
        expect(data).toHaveLength(1_000)
        stored.add(hash)
      }
      const { length } = messages
      expect(await mailboxes.usage(account)).toEqual({ messages: length, bytes: 1_000 * length })
    }
    const entries = new Set((await mailboxes.outbox(EVER, 100_000)).map(({ id }) => id))
    expect([...acknowledged.keys()].filter((hash) => !stored.has(hash))).toEqual([])
    expect([...acknowledged.values()].filter((id) => !entries.has(id))).toEqual([])
    expect(entries.size).toBe(stored.size)
  })
})
