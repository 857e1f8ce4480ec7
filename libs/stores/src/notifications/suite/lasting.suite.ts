import { describe, expect, it } from '@jest/globals'
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
  type StartNotifications,
  take,
  takeLabels,
} from './samples.suite.ts'

const COUNT = 10_000

/** Numbers between 0 and 1, the same ones every time. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export function describeLasting(start: StartNotifications): void {
  describe('opened again', () => {
    it('has its queue, its filter and its books', async () => {
      const store = await start({ place: 'again' })
      await acceptAll(store, [notification('a'), notification('b'), notification('c'), notification('d')])
      const [a, b, c] = await take(store, { limit: 3 })
      if (a === undefined || b === undefined || c === undefined) throw new Error('nothing is due')
      await store.end([a], 'handed-over')
      await store.postpone(b, { dueAt: NOON + 5, attempts: 2 })
      await store.close()

      const again = await start({ place: 'again' })
      expect(await booksOf(again)).toEqual([4, 1, 0, 0, 0, 3])
      expect(await again.accept([notification('a'), notification('d')], NOON)).toBe(0)
      const taken = await take(again, { now: NOON + LEASE })
      expect(taken.map((one) => [labelOf(one), one.attempts]).sort()).toEqual([
        ['b', 2],
        ['c', 0],
        ['d', 0],
      ])
      expect(taken.find((one) => labelOf(one) === 'b')?.id).toBe(b.id)
    })

    it('gives no identifier again', async () => {
      const ids = new Set<string>()
      for (let round = 0; round < 3; round++) {
        const store = await start({ place: 'identifiers' })
        await acceptAll(store, [notification(`a${round}`), notification(`b${round}`)])
        const taken = await take(store)
        for (const { id } of taken) ids.add(id)
        await store.end(taken, 'handed-over')
        await store.close()
      }
      expect(ids.size).toBe(6)
    })
  })

  describe('three takers of which some die', () => {
    it(`hand over ${COUNT} notifications, each at least once, and the books balance`, async () => {
      const store = await start()
      const random = sequence(7)
      for (let index = 0; index < COUNT; index += 500) {
        const some = Array.from({ length: 500 }, (_, offset) => {
          return notification(`m${index + offset}`, { device: deviceOf((index + offset) % 400) })
        })
        expect(await store.accept(some, NOON)).toBe(500)
      }
      const clock = { now: NOON }
      const handedOver = new Set<string>()
      const work = async (): Promise<void> => {
        for (;;) {
          const taken = await take(store, { now: clock.now, limit: 100 })
          if (taken.length === 0) return
          if (random() < 0.05) continue
          const sent = taken.filter(() => random() < 0.9)
          const failed = taken.filter((one) => !sent.includes(one))
          for (const one of sent) handedOver.add(labelOf(one))
          const postponed = failed.map(async (one) => {
            await store.postpone(one, { dueAt: clock.now + 1_000, attempts: one.attempts + 1 })
          })
          // It dies before all it did is told.
          const told = random() < 0.05 ? sent.slice(0, 50) : sent
          await Promise.all([store.end(told, 'handed-over'), ...postponed])
        }
      }
      for (let next = await store.nextDue(SERVICE); next !== undefined; next = await store.nextDue(SERVICE)) {
        clock.now = Math.max(clock.now, next)
        await Promise.all([work(), work(), work()])
      }
      expect(handedOver.size).toBe(COUNT)
      expect(await booksOf(store)).toEqual([COUNT, COUNT, 0, 0, 0, 0])
    }, 120_000)
  })

  describe('books', () => {
    it('are those of every service that has accepted one', async () => {
      const store: Notifications = await start()
      expect((await store.books()).size).toBe(0)
      await store.accept([notification('a'), notification('b', { service: 'apns-sandbox' })], NOON)
      const books = await store.books()
      expect([...books.keys()].sort()).toEqual(['apns-sandbox', SERVICE])
      expect(books.get('apns-sandbox')).toEqual({
        accepted: 1,
        ends: { 'handed-over': 0, expired: 0, 'token-dead': 0, 'given-up': 0 },
        waiting: 1,
      })
      expect(await takeLabels(store)).toEqual(['a'])
    })
  })
}
