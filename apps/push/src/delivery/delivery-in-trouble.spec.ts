import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { SendOutcome } from '../providers/provider.ts'
import { createDelivery } from './delivery.ts'
import { DEFAULT_DELIVERY_LIMITS } from './delivery-limits.ts'
import {
  begun,
  HANDED_OVER,
  newNotification,
  NOT_NOW,
  openContent,
  Scene,
  ScriptedProvider,
  useVirtualTime,
} from './testing.suite.ts'

beforeEach(useVirtualTime)
afterEach(() => {
  jest.useRealTimers()
})

const SECOND = 1_000
const MINUTE = 60 * SECOND

describe('Delivery', () => {
  describe('a store in trouble', () => {
    it('loses nothing and sends nothing twice, when it fails after the hand-over', async () => {
      const scene = await begun()
      scene.provider.answer = () => {
        scene.queue.failure = new Error('the store is away')
        return HANDED_OVER
      }
      await scene.accept(1)
      await scene.pass(30 * SECOND)
      expect([scene.queue.rows.size, scene.reports.failed.includes('end')]).toEqual([1, true])
      scene.queue.failure = undefined
      await scene.pass(10 * SECOND)
      expect([scene.provider.payloads, scene.reports.ended]).toEqual([['1'], ['log handed-over 1']])
    })

    it('sends nothing twice when the lease ends before the outcome is written', async () => {
      const scene = await begun({ leaseMs: 20_000 })
      const refusing = jest.spyOn(scene.queue, 'end').mockRejectedValue(new Error('not writable'))
      await scene.accept(1)
      await scene.pass(2 * MINUTE)
      refusing.mockRestore()
      await scene.pass(10 * SECOND)
      expect([scene.provider.payloads, scene.reports.ended]).toEqual([['1'], ['log handed-over 1']])
    })

    it('postpones later what failed meanwhile', async () => {
      const scene = await begun()
      scene.provider.answer = () => {
        if (scene.provider.seen.length > 1) return HANDED_OVER
        scene.queue.failure = new Error('the store is away')
        return NOT_NOW
      }
      await scene.accept(1)
      await scene.pass(10 * SECOND)
      expect(scene.reports.failed).toContain('postpone')
      scene.queue.failure = undefined
      await scene.pass(10 * SECOND)
      expect([scene.provider.payloads, scene.reports.ended]).toEqual([['1', '1'], ['log handed-over 1']])
    })

    it('takes again when the store can be read again, and asks it once in about a second until then', async () => {
      const scene = await begun()
      await scene.accept(1)
      await scene.pass(1)
      scene.queue.failure = new Error('the store is away')
      scene.queue.calls.clear()
      for (let i = 0; i < 1_000; i++) {
        scene.delivery.wake('log')
        await scene.pass(10)
      }
      const calls = scene.queue.calls.get('take') ?? 0
      expect(calls).toBeGreaterThanOrEqual(5)
      expect(calls).toBeLessThanOrEqual(11)
      scene.queue.failure = undefined
      await scene.accept(2)
      await scene.pass(2 * SECOND)
      expect(scene.provider.payloads).toEqual(['1', '2'])
    })

    it('does not hold up another service', async () => {
      const broken = new Scene()
      const other = new ScriptedProvider()
      const { queue } = broken
      const take = queue.take.bind(queue)
      jest
        .spyOn(queue, 'take')
        .mockImplementation((service, options) =>
          service === 'log' ? Promise.reject(new Error('this queue is away')) : take(service, options),
        )
      const delivery = createDelivery({
        notifications: queue,
        providers: new Map([
          ['log', broken.provider],
          ['firebase', other],
        ]),
        open: openContent,
        onDeadToken: async () => {},
        clock: { now: () => Date.now() },
        monotonic: () => performance.now(),
        random: () => 0.5,
        limits: DEFAULT_DELIVERY_LIMITS,
        observer: { ended: () => {}, attemptFailed: () => {}, breaker: () => {}, failed: () => {} },
      })
      delivery.start()
      await broken.accept(1)
      await broken.accept(1, { service: 'firebase' })
      delivery.wake('firebase')
      await broken.pass(1)
      expect([broken.provider.payloads, other.payloads]).toEqual([[], ['2']])
      await delivery.stop()
    })
  })

  describe('how much it takes', () => {
    it.each([1, 2, 7])('keeps %i requests under way, never more', async (maxInFlight) => {
      const scene = await begun({ maxInFlight })
      scene.provider.answer = async () => {
        await new Promise((resolve) => setTimeout(resolve, 100))
        return HANDED_OVER
      }
      for (let device = 0; device < 50; device++) await scene.accept(device)
      await scene.pass(50)
      expect(scene.delivery.states().get('log')?.inFlight).toBe(maxInFlight)
      for (let i = 0; i < 100; i++) {
        expect(scene.delivery.states().get('log')?.taken).toBeLessThanOrEqual(2 * maxInFlight + 1_024)
        await scene.pass(100)
      }
      expect(scene.provider.mostUnderWay).toBe(maxInFlight)
      expect(scene.queue.ended.size).toBe(50)
    })

    it('leaves a long queue where it is', async () => {
      const scene = await begun({ maxInFlight: 4, maxHeld: 3 })
      scene.provider.answer = () => new Promise<SendOutcome>(() => {})
      for (let device = 0; device < 200; device++) await scene.accept(device)
      await scene.pass(SECOND)
      expect(scene.delivery.states().get('log')?.inFlight).toBe(4)
      expect(scene.delivery.states().get('log')?.taken).toBeLessThanOrEqual(11)
    })

    it('looks at an idle queue once in the safety interval and has no timer but that', async () => {
      const scene = await begun({ safetyIntervalMs: 5_000 })
      scene.queue.calls.clear()
      await scene.pass(50 * SECOND)
      expect(scene.queue.calls).toEqual(
        new Map([
          ['take', 10],
          ['nextDue', 10],
        ]),
      )
      expect(jest.getTimerCount()).toBe(1)
    })

    it('finds what a replica that died has taken, after its lease and one safety interval', async () => {
      const scene = await begun({ leaseMs: 20_000, safetyIntervalMs: 5_000 })
      await scene.queue.accept([newNotification(99, 9)], Date.now())
      const taken = await scene.queue.take('log', { limit: 1, now: Date.now(), leaseMs: 20_000 })
      expect(taken).toHaveLength(1)
      await scene.pass(19 * SECOND)
      expect(scene.provider.payloads).toEqual([])
      await scene.pass(7 * SECOND)
      expect(scene.provider.payloads).toEqual(['99'])
    })

    it('does not send what has waited for half of its lease', async () => {
      const scene = await begun({ maxInFlight: 2, leaseMs: 20_000 })
      const first = Promise.withResolvers<SendOutcome>()
      scene.provider.answer = ({ payload }) => (payload <= '2' ? first.promise : HANDED_OVER)
      for (const device of [1, 2, 3]) await scene.accept(device)
      await scene.pass(10 * SECOND + 1)
      first.resolve(HANDED_OVER)
      await scene.pass(1)
      expect(scene.provider.payloads).toEqual(['1', '2'])
      await scene.pass(20 * SECOND)
      expect([scene.provider.payloads, scene.queue.rows.size]).toEqual([['1', '2', '3'], 0])
    })
  })

  describe('stop', () => {
    it('waits for requests under way, puts the others back as they were and takes no more', async () => {
      const scene = await begun({ maxInFlight: 2 })
      const answer = Promise.withResolvers<SendOutcome>()
      scene.provider.answer = () => answer.promise
      for (const device of [1, 2, 3]) await scene.accept(device)
      await scene.pass(1)
      let isStopped = false
      const stopping = scene.delivery.stop().then(() => (isStopped = true))
      await scene.pass(SECOND)
      expect(isStopped).toBe(false)
      answer.resolve(HANDED_OVER)
      await scene.pass(1)
      await stopping
      await scene.accept(4)
      await scene.pass(MINUTE)
      expect(scene.provider.payloads).toEqual(['1', '2'])
      expect([...scene.queue.rows.values()].map(({ attempts, leaseUntil }) => [attempts, leaseUntil])).toEqual([
        [0, 0],
        [0, 0],
      ])
      expect(jest.getTimerCount()).toBe(0)
    })

    it('comes to an end when the store is away', async () => {
      const scene = await begun()
      scene.provider.answer = () => {
        scene.queue.failure = new Error('the store is away')
        return HANDED_OVER
      }
      await scene.accept(1)
      await scene.pass(SECOND)
      await scene.delivery.stop()
      expect([scene.queue.rows.size, jest.getTimerCount()]).toEqual([1, 0])
    })
  })
})
