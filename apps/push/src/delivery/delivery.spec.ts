import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { SendOutcome } from '../providers/provider.ts'
import { MAX_ATTEMPTS } from './retry-table.ts'
import { begun, HANDED_OVER, NOT_NOW, Scene, type ScriptedProvider, useVirtualTime } from './testing.suite.ts'

beforeEach(useVirtualTime)
afterEach(() => {
  jest.useRealTimers()
})

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** Milliseconds between one request and the next. */
function pauses({ seen }: ScriptedProvider): number[] {
  return seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? 0))
}

describe('Delivery', () => {
  it('hands over at once what was accepted, and says how long it took', async () => {
    const scene = await begun()
    await scene.accept(1)
    await scene.pass(1)
    expect(scene.provider.payloads).toEqual(['1'])
    expect(scene.reports.ended).toEqual(['log handed-over 1'])
    expect(scene.reports.durationsMs[0]).toBeLessThanOrEqual(1)
    expect(scene.queue.rows.size).toBe(0)
  })

  it('begins with what an earlier process has left, and not before it is started', async () => {
    const scene = new Scene()
    await scene.accept(1)
    await scene.pass(MINUTE)
    expect(scene.provider.payloads).toEqual([])
    scene.delivery.start()
    await scene.pass(1)
    expect(scene.provider.payloads).toEqual(['1'])
  })

  it('ignores a service that has no provider', async () => {
    const scene = await begun()
    await scene.accept(1, { service: 'huawei' })
    await scene.pass(MINUTE)
    expect([scene.queue.rows.size, [...scene.delivery.states().keys()]]).toEqual([1, ['log']])
  })

  it('refuses a window that would outlive half of a lease', () => {
    const limits = { leaseMs: 1_000, batchWindowMs: 500 }
    expect(() => new Scene(limits)).toThrow(RangeError)
    expect(() => new Scene({ ...limits, leaseMs: 1_001 })).not.toThrow()
  })

  it('tries again what was not even tried, however often, until it expires', async () => {
    const scene = await begun()
    const busyTimes = 100 * MAX_ATTEMPTS
    scene.provider.answer = () =>
      scene.provider.seen.length <= busyTimes ? { kind: 'busy', afterMs: SECOND } : HANDED_OVER
    await scene.accept(1)
    await scene.pass((busyTimes + 1) * SECOND)
    expect(scene.reports.ended).toEqual(['log handed-over 1'])
    expect([scene.reports.blames, scene.reports.breaker]).toEqual([[], []])
    scene.provider.answer = () => ({ kind: 'busy', afterMs: SECOND })
    await scene.accept(2, { expiresAt: Date.now() + 10 * SECOND })
    await scene.pass(MINUTE)
    expect(scene.reports.ended).toEqual(['log handed-over 1', 'log expired 1'])
  })

  describe('retries', () => {
    it('tries eleven times, after the base delays, and then gives up', async () => {
      const scene = await begun()
      scene.provider.answer = () => NOT_NOW
      await scene.accept(1)
      await scene.pass(40 * MINUTE)
      expect(scene.provider.seen).toHaveLength(MAX_ATTEMPTS)
      for (const [index, pause] of pauses(scene.provider).entries()) {
        expect(Math.abs(pause - 1_000 * 2 ** index)).toBeLessThan(100)
      }
      expect(scene.reports.ended).toEqual(['log given-up 1'])
      expect(scene.reports.blames).toEqual(Array<string>(MAX_ATTEMPTS).fill('notification'))
    })

    it('hands over with the last of its attempts', async () => {
      const scene = await begun()
      scene.provider.answer = () => (scene.provider.seen.length === MAX_ATTEMPTS ? HANDED_OVER : NOT_NOW)
      await scene.accept(1)
      await scene.pass(40 * MINUTE)
      expect(scene.reports.ended).toEqual(['log handed-over 1'])
    })

    it('waits for as long as the provider asks', async () => {
      const scene = await begun()
      scene.provider.answer = () => (scene.provider.seen.length > 1 ? HANDED_OVER : { ...NOT_NOW, afterMs: MINUTE })
      await scene.accept(1)
      await scene.pass(MINUTE - 1)
      expect(scene.provider.seen).toHaveLength(1)
      await scene.pass(6 * SECOND)
      expect(scene.reports.ended).toEqual(['log handed-over 1'])
    })

    it('gives up without another attempt what the provider refuses', async () => {
      const scene = await begun()
      scene.provider.answer = () => ({ kind: 'refused', error: new Error('too large') })
      await scene.accept(1)
      await scene.pass(MINUTE)
      expect(scene.provider.seen).toHaveLength(1)
      expect([scene.reports.ended, scene.reports.failed]).toEqual([['log given-up 1'], ['refused']])
    })

    it('counts an attempt when the provider breaks its promise and throws', async () => {
      const scene = await begun()
      scene.provider.answer = () => {
        if (scene.provider.seen.length === 1) throw new Error('a fault')
        return HANDED_OVER
      }
      await scene.accept(1)
      await scene.pass(2 * SECOND)
      expect([scene.reports.failed, scene.reports.ended]).toEqual([['send'], ['log handed-over 1']])
    })

    it('gives up what cannot be read, and goes on', async () => {
      const scene = await begun()
      await scene.accept(1, { content: Buffer.from('damaged') })
      await scene.accept(2)
      await scene.pass(1)
      expect(scene.reports.failed).toEqual(['open'])
      expect(scene.reports.ended.toSorted()).toEqual(['log given-up 1', 'log handed-over 1'])
    })
  })

  describe('expiry', () => {
    it.each([
      ['before', -1, 'expired', 0],
      ['at', 0, 'expired', 0],
      ['after', 1, 'handed-over', 1],
    ])('of one that is taken just %s its expiry', async (_, leftMs, end, requests) => {
      const scene = await begun()
      await scene.accept(1, { expiresAt: Date.now() + leftMs })
      await scene.pass(1)
      expect(scene.reports.ended).toEqual([`log ${end} 1`])
      expect(scene.provider.seen).toHaveLength(requests)
    })

    it.each([
      ['before', 999, 'expired', 1],
      ['at', 1_000, 'expired', 1],
      ['after', 1_100, 'handed-over', 2],
    ])('of one whose next attempt would not come before its expiry: %s', async (_, leftMs, end, requests) => {
      const scene = await begun()
      scene.provider.answer = () => (scene.provider.seen.length > 1 ? HANDED_OVER : NOT_NOW)
      await scene.accept(1, { expiresAt: Date.now() + leftMs })
      // What cannot be delivered any more does not wait in the queue for its next attempt.
      await scene.pass(1)
      expect(scene.reports.ended).toEqual(end === 'expired' ? ['log expired 1'] : [])
      await scene.pass(5 * SECOND)
      expect(scene.reports.ended).toEqual([`log ${end} 1`])
      expect(scene.provider.seen).toHaveLength(requests)
    })

    it('of one that waits for a place among the requests', async () => {
      const scene = await begun({ maxInFlight: 2 })
      const first = Promise.withResolvers<SendOutcome>()
      scene.provider.answer = () => first.promise
      for (const device of [1, 2]) await scene.accept(device)
      await scene.accept(3, { expiresAt: Date.now() + 100 })
      await scene.pass(100)
      first.resolve(HANDED_OVER)
      await scene.pass(1)
      expect(scene.provider.payloads).toEqual(['1', '2'])
      expect(scene.reports.ended.toSorted()).toEqual(['log expired 1', 'log handed-over 2'])
    })
  })

  describe('dead tokens', () => {
    it('are reported first, then everything that waits for the device ends', async () => {
      const scene = await begun({ maxInFlight: 1 })
      const reported = Promise.withResolvers<void>()
      scene.onDeadToken = () => reported.promise
      scene.provider.answer = ({ token }) => (token === 'token 1' ? { kind: 'token-dead' } : HANDED_OVER)
      for (const device of [1, 1, 1, 2]) void scene.accept(device)
      await scene.pass(1)
      expect(scene.reports.ended.filter((end) => end.includes('dead'))).toEqual([])
      expect(scene.queue.rows.size).toBeGreaterThanOrEqual(3)
      reported.resolve()
      await scene.pass(1)
      expect([...scene.queue.ended.values()].toSorted()).toEqual([
        'handed-over',
        'token-dead',
        'token-dead',
        'token-dead',
      ])
      expect(scene.queue.rows.size).toBe(0)
    })

    it('spare what was accepted later than the provider says', async () => {
      const scene = await begun({ maxInFlight: 1 })
      const since = Date.now()
      scene.provider.answer = ({ payload }) => (payload === '1' ? { kind: 'token-dead', since } : HANDED_OVER)
      await scene.accept(1)
      await scene.pass(1)
      await scene.accept(1)
      await scene.pass(1)
      expect(scene.reports.deadTokens).toEqual([{ device: 1, since }])
      expect(scene.provider.payloads).toEqual(['1', '2'])
      expect([...scene.queue.ended.values()]).toEqual(['token-dead', 'handed-over'])
    })

    it.each([
      ['nothing', undefined],
      ['a time to come', 10 * MINUTE],
    ])('are dead since the request began when the provider names %s', async (_, ahead) => {
      const scene = await begun()
      const startedAt = Date.now()
      scene.provider.answer = async () => {
        await new Promise((resolve) => setTimeout(resolve, SECOND))
        return ahead === undefined ? { kind: 'token-dead' } : { kind: 'token-dead', since: startedAt + ahead }
      }
      await scene.accept(1)
      await scene.pass(2 * SECOND)
      expect(scene.reports.deadTokens).toEqual([{ device: 1, since: startedAt }])
    })

    it('are reported until that is durable, and hold up nobody meanwhile', async () => {
      const scene = await begun()
      let failures = 3
      scene.onDeadToken = async () => {
        if (failures-- > 0) throw new Error('the store is away')
      }
      scene.provider.answer = ({ token }) => (token === 'token 1' ? { kind: 'token-dead' } : HANDED_OVER)
      await scene.accept(1)
      await scene.accept(2)
      await scene.pass(50)
      expect(scene.reports.ended).toEqual(['log handed-over 1'])
      await scene.pass(SECOND)
      expect(scene.reports.failed).toEqual(['dead-token', 'dead-token', 'dead-token'])
      expect(scene.reports.ended).toEqual(['log handed-over 1', 'log token-dead 1'])
    })
  })
})
