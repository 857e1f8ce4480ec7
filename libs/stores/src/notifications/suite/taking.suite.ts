import { describe, expect, it } from '@jest/globals'
import type { Notifications, TakenNotification } from '../notifications.ts'
import {
  acceptAll,
  deviceOf,
  LEASE,
  NOON,
  notification,
  SERVICE,
  type StartNotifications,
  take,
  takeLabels,
} from './samples.suite.ts'

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `m${index}`)

/** Accepts these labels in order, each for a device of its own. */
async function acceptLabels(store: Notifications, labels: readonly string[], now = NOON): Promise<void> {
  await acceptAll(
    store,
    labels.map((label, index) => notification(label, { device: deviceOf(index) })),
    now,
  )
}

async function takeOne(store: Notifications, now = NOON): Promise<TakenNotification> {
  const [one] = await take(store, { limit: 1, now })
  if (one === undefined) throw new Error('nothing is due')
  return one
}

export function describeTaking(start: StartNotifications): void {
  describe('take', () => {
    it('takes in order of acceptance, over all devices', async () => {
      const store = await start()
      await acceptLabels(store, names(50))
      expect(await takeLabels(store, { limit: 7 })).toEqual(names(7))
      expect(await takeLabels(store)).toEqual(names(50).slice(7))
      expect(await takeLabels(store)).toEqual([])
    })

    it('takes up to the limit and no more', async () => {
      const store = await start()
      await acceptLabels(store, names(5))
      expect(await takeLabels(store, { limit: 0 })).toEqual([])
      expect(await takeLabels(store, { limit: 4 })).toHaveLength(4)
      expect(await takeLabels(store, { limit: 4 })).toHaveLength(1)
    })

    it('takes one device as fully as many', async () => {
      const store = await start()
      await acceptAll(
        store,
        names(40).map((label) => notification(label)),
      )
      expect(await takeLabels(store, { limit: 39 })).toEqual(names(39))
    })

    it('knows no notification of another service, nor of one that never had any', async () => {
      const store = await start()
      await store.accept([notification('a', { service: 'apns' })], NOON)
      expect(await takeLabels(store)).toEqual([])
      expect(await store.nextDue(SERVICE)).toBeUndefined()
      expect(await takeLabels(store, { service: 'apns' })).toEqual(['a'])
    })

    it('takes what was accepted by a clock that goes back', async () => {
      const store = await start()
      await acceptLabels(store, ['a', 'b'])
      expect(await takeLabels(store)).toEqual(['a', 'b'])
      await store.accept([notification('c')], NOON - 10)
      expect(await store.nextDue(SERVICE)).toBe(NOON - 10)
      expect(await takeLabels(store, { now: NOON - 5 })).toEqual(['c'])
    })

    it('does not take what is accepted for a later time', async () => {
      const store = await start()
      await store.accept([notification('a')], NOON + 1)
      expect(await takeLabels(store, { now: NOON })).toEqual([])
      expect(await takeLabels(store, { now: NOON + 1 })).toEqual(['a'])
    })

    it('takes again what was not ended when the lease is over, and not before', async () => {
      const store = await start()
      await acceptLabels(store, ['a', 'b'])
      const first = await take(store)
      expect(await takeLabels(store, { now: NOON + LEASE - 1 })).toEqual([])
      const again = await take(store, { now: NOON + LEASE })
      expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id))
      expect(await takeLabels(store, { now: NOON + 2 * LEASE - 1 })).toEqual([])
    })

    it('counts what has lost its lease as due since then', async () => {
      const store = await start()
      await acceptLabels(store, ['a'])
      await take(store)
      await acceptAll(store, [notification('b')], NOON + LEASE - 1)
      await acceptAll(store, [notification('c')], NOON + LEASE + 1)
      expect(await takeLabels(store, { now: NOON + LEASE + 1, limit: 2 })).toEqual(['b', 'a'])
      expect(await takeLabels(store, { now: NOON + LEASE + 1 })).toEqual(['c'])
    })

    it('keeps leases of different lengths apart', async () => {
      const store = await start()
      await acceptLabels(store, ['a', 'b'])
      await take(store, { limit: 1, leaseMs: 20 })
      await take(store, { limit: 1, leaseMs: 10 })
      expect(await store.nextDue(SERVICE)).toBe(NOON + 10)
      expect(await takeLabels(store, { now: NOON + 10 })).toEqual(['b'])
      expect(await takeLabels(store, { now: NOON + 20 })).toEqual(['a'])
    })

    it('gives concurrent takers different notifications', async () => {
      const store = await start()
      await store.accept(
        names(500).map((label, index) => notification(label, { device: deviceOf(index) })),
        NOON,
      )
      const taken = await Promise.all(Array.from({ length: 10 }, () => takeLabels(store, { limit: 40 })))
      const labels = taken.flat()
      expect(new Set(labels).size).toBe(labels.length)
      const rest = await takeLabels(store)
      expect([...labels, ...rest].sort()).toEqual(names(500).sort())
    })
  })

  describe('postpone', () => {
    it('puts a notification back for a later time, with its attempts', async () => {
      const store = await start()
      await acceptLabels(store, ['a'])
      const taken = await takeOne(store)
      await store.postpone(taken, { dueAt: NOON + 100, attempts: 3 })
      expect(await store.nextDue(SERVICE)).toBe(NOON + 100)
      expect(await takeLabels(store, { now: NOON + 99 })).toEqual([])
      const again = await takeOne(store, NOON + 100)
      expect(again).toMatchObject({ id: taken.id, attempts: 3, acceptedAt: NOON, expiresAt: taken.expiresAt })
    })

    it('orders by time, and by acceptance at the same time', async () => {
      const store = await start()
      await acceptLabels(store, ['a', 'b', 'c', 'd'])
      const [a, b, c] = await take(store, { limit: 3 })
      for (const [one, delay] of [
        [a, 50],
        [b, 50],
        [c, 20],
      ] as const) {
        if (one !== undefined) await store.postpone(one, { dueAt: NOON + delay, attempts: 1 })
      }
      await acceptAll(store, [notification('e')], NOON + 50)
      expect(await takeLabels(store, { now: NOON + 60 })).toEqual(['d', 'c', 'a', 'b', 'e'])
    })

    it('may put back to now or to before', async () => {
      const store = await start()
      await acceptLabels(store, ['a', 'b'])
      const [a, b] = await take(store)
      if (a === undefined || b === undefined) throw new Error('nothing is due')
      await store.postpone(b, { dueAt: NOON, attempts: 1 })
      expect(await takeLabels(store)).toEqual(['b'])
      await store.postpone(a, { dueAt: NOON - 1_000, attempts: 1 })
      expect(await store.nextDue(SERVICE)).toBe(NOON - 1_000)
      expect(await takeLabels(store)).toEqual(['a'])
      expect(await takeLabels(store)).toEqual([])
    })

    it('does nothing to a notification that has ended', async () => {
      const store = await start()
      await acceptLabels(store, ['a'])
      const taken = await takeOne(store)
      await store.end([taken], 'expired')
      await store.postpone(taken, { dueAt: NOON, attempts: 1 })
      expect(await takeLabels(store)).toEqual([])
      expect(await store.nextDue(SERVICE)).toBeUndefined()
    })
  })

  describe('nextDue', () => {
    it('is the time of the longest due, then the end of the first lease', async () => {
      const store = await start()
      expect(await store.nextDue(SERVICE)).toBeUndefined()
      await acceptLabels(store, ['a'], NOON - 5)
      await acceptLabels(store, ['b'], NOON)
      expect(await store.nextDue(SERVICE)).toBe(NOON - 5)
      const first = await takeOne(store)
      expect(await store.nextDue(SERVICE)).toBe(NOON)
      await take(store, { now: NOON + 1 })
      expect(await store.nextDue(SERVICE)).toBe(NOON + LEASE)
      await store.end([first], 'handed-over')
      expect(await store.nextDue(SERVICE)).toBe(NOON + 1 + LEASE)
    })
  })
}
