import { describe, expect, it } from '@jest/globals'
import { NOTIFICATION_ENDS, type Notifications } from '../notifications.ts'
import {
  acceptAll,
  booksOf,
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

export function describeEnding(start: StartNotifications): void {
  describe('end', () => {
    it('counts each of the four ends, once', async () => {
      const store = await start()
      await acceptAll(
        store,
        names(10).map((label, index) => notification(label, { device: deviceOf(index) })),
      )
      const taken = await take(store)
      for (const [index, end] of NOTIFICATION_ENDS.entries()) {
        const some = taken.slice(0, index + 1)
        expect(await store.end(some, end)).toBe(1)
        expect(await store.end(some, end)).toBe(0)
      }
      expect(await booksOf(store)).toEqual([10, 1, 1, 1, 1, 6])
      expect(await store.end(taken, 'handed-over')).toBe(6)
      expect(await booksOf(store)).toEqual([10, 7, 1, 1, 1, 0])
      expect(await store.end([], 'expired')).toBe(0)
    })

    it('counts one that is named twice in a call once', async () => {
      const store = await start()
      await store.accept([notification('a')], NOON)
      const taken = await take(store)
      expect(await store.end([...taken, ...taken], 'given-up')).toBe(1)
      expect(await booksOf(store)).toEqual([1, 0, 0, 0, 1, 0])
    })

    it('counts one that two processes end at the same time once', async () => {
      const store = await start()
      await store.accept([notification('a')], NOON)
      const first = await take(store)
      const second = await take(store, { now: NOON + LEASE })
      expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id))
      const counts = await Promise.all([store.end(first, 'handed-over'), store.end(second, 'given-up')])
      expect(counts.reduce((sum, count) => sum + count)).toBe(1)
      const [accepted, handedOver = 0, , , givenUp = 0, waiting] = await booksOf(store)
      expect([accepted, handedOver + givenUp, waiting]).toEqual([1, 1, 0])
    })

    it('ends what was taken, whatever has become of its lease', async () => {
      const store = await start()
      await acceptAll(store, [notification('a'), notification('b')])
      const [a, b] = await take(store)
      if (a === undefined || b === undefined) throw new Error('nothing is due')
      await store.postpone(b, { dueAt: NOON + 10, attempts: 1 })
      expect(await store.end([a, b], 'handed-over')).toBe(2)
      expect(await takeLabels(store, { now: NOON + 2 * LEASE })).toEqual([])
    })

    it('ends notifications of several services in one call', async () => {
      const store = await start()
      await store.accept([notification('a'), notification('b', { service: 'apns' })], NOON)
      const taken = [...(await take(store)), ...(await take(store, { service: 'apns' }))]
      expect(await store.end(taken, 'expired')).toBe(2)
      expect(await booksOf(store)).toEqual([1, 0, 1, 0, 0, 0])
      expect(await booksOf(store, 'apns')).toEqual([1, 0, 1, 0, 0, 0])
    })
  })

  describe('endDevice', () => {
    const accept = async (store: Notifications): Promise<void> => {
      await acceptAll(store, [notification('a'), notification('other', { device: deviceOf(17) })], NOON)
      await acceptAll(store, [notification('b')], NOON + 1)
      await acceptAll(store, [notification('c')], NOON + 2)
    }

    it('ends what the device was sent until then, and nothing else', async () => {
      const store = await start()
      await accept(store)
      expect(await store.endDevice(SERVICE, deviceOf(1), NOON + 1)).toBe(2)
      expect(await booksOf(store)).toEqual([4, 0, 0, 2, 0, 2])
      expect(await takeLabels(store, { now: NOON + 2 })).toEqual(['other', 'c'])
      expect(await store.endDevice(SERVICE, deviceOf(1), NOON + 1)).toBe(0)
    })

    it('ends what is taken or postponed too', async () => {
      const store = await start()
      await accept(store)
      const taken = await take(store, { now: NOON + 1 })
      const [a] = taken
      if (a === undefined) throw new Error('nothing is due')
      await store.postpone(a, { dueAt: NOON + 50, attempts: 1 })
      expect(await store.endDevice(SERVICE, deviceOf(1), NOON + 2)).toBe(3)
      expect(await store.end(taken, 'handed-over')).toBe(1)
      expect(await booksOf(store)).toEqual([4, 1, 0, 3, 0, 0])
      expect(await store.nextDue(SERVICE)).toBeUndefined()
    })

    it('leaves other services alone and does nothing for a device that is not known', async () => {
      const store = await start()
      await accept(store)
      expect(await store.endDevice('apns', deviceOf(1), NOON + 9)).toBe(0)
      expect(await store.endDevice(SERVICE, deviceOf(2), NOON + 9)).toBe(0)
      expect(await booksOf(store)).toEqual([4, 0, 0, 0, 0, 4])
    })

    it('ends more than a script handles at a time', async () => {
      const store = await start()
      const many = (prefix: string): ReturnType<typeof notification>[] =>
        names(1_200).map((label) => notification(prefix + label))
      await store.accept(many('new'), NOON + 10)
      await store.accept(many('old'), NOON)
      expect(await store.endDevice(SERVICE, deviceOf(1), NOON)).toBe(1_200)
      expect(await booksOf(store)).toEqual([2_400, 0, 0, 1_200, 0, 1_200])
    })
  })

  describe('endOlder', () => {
    it('ends the oldest first, up to the limit and up to the time', async () => {
      const store = await start()
      for (const [index, label] of names(30).entries()) {
        await store.accept([notification(label, { device: deviceOf(index) })], NOON + index)
      }
      expect(await store.endOlder(SERVICE, NOON + 9, 0)).toBe(0)
      expect(await store.endOlder(SERVICE, NOON + 9, 4)).toBe(4)
      expect(await store.endOlder(SERVICE, NOON + 9, 100)).toBe(6)
      expect(await store.endOlder(SERVICE, NOON + 9, 100)).toBe(0)
      expect(await booksOf(store)).toEqual([30, 0, 10, 0, 0, 20])
      expect(await takeLabels(store, { now: NOON + 29 })).toEqual(names(30).slice(10))
    })

    it('leaves out what is taken, and knows what was put back by its age', async () => {
      const store = await start()
      await acceptAll(store, [notification('a')], NOON - 2)
      await acceptAll(store, [notification('b')], NOON - 1)
      await acceptAll(store, [notification('c')], NOON)
      const [a, b] = await take(store, { limit: 2 })
      if (a === undefined || b === undefined) throw new Error('nothing is due')
      expect(await store.endOlder(SERVICE, NOON, 1)).toBe(1)
      expect(await store.endOlder(SERVICE, NOON, 100)).toBe(0)
      await store.postpone(b, { dueAt: NOON + 500, attempts: 1 })
      expect(await store.endOlder(SERVICE, NOON - 2, 100)).toBe(0)
      expect(await store.endOlder(SERVICE, NOON - 1, 100)).toBe(1)
      expect(await booksOf(store)).toEqual([3, 0, 2, 0, 0, 1])
      expect(await store.end([a], 'handed-over')).toBe(1)
    })

    it('knows no other service', async () => {
      const store = await start()
      await store.accept([notification('a', { service: 'apns' })], NOON)
      expect(await store.endOlder(SERVICE, NOON, 100)).toBe(0)
    })
  })
}
