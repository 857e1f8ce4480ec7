import { describe, expect, it } from '@jest/globals'
import { StoreFullError } from '../../errors.ts'
import {
  acceptAll,
  booksOf,
  deviceOf,
  NOON,
  notification,
  type StartNotifications,
  take,
  takeLabels,
  WINDOW,
} from './samples.suite.ts'

export function describeAccepting(start: StartNotifications): void {
  describe('accept', () => {
    it('keeps every part of a notification', async () => {
      const store = await start()
      const sent = notification('a', { length: 8_190, device: deviceOf(3), expiresAt: NOON + 5 })
      sent.content.set([0, 255, 58, 10], 100)
      expect(await store.accept([sent], NOON)).toBe(1)
      const [taken] = await take(store)
      expect(taken).toMatchObject({ service: sent.service, attempts: 0, acceptedAt: NOON, expiresAt: NOON + 5 })
      expect(Buffer.compare(taken?.device ?? Buffer.of(), sent.device)).toBe(0)
      expect(Buffer.compare(taken?.content ?? Buffer.of(), sent.content)).toBe(0)
    })

    it('takes empty contents and empty lists', async () => {
      const store = await start()
      expect(await store.accept([], NOON)).toBe(0)
      expect(await store.accept([notification('a', { content: new Uint8Array(0) })], NOON)).toBe(1)
      expect((await take(store)).map(({ content }) => content.length)).toEqual([0])
    })

    it('counts only what was not known, within a call and between calls', async () => {
      const store = await start()
      expect(await store.accept([notification('a'), notification('b'), notification('a')], NOON)).toBe(2)
      expect(await store.accept([notification('b'), notification('c')], NOON)).toBe(1)
      expect(await booksOf(store)).toEqual([3, 0, 0, 0, 0, 3])
    })

    it('remembers a key for its window at least and for two at most, on both sides of every step', async () => {
      for (const offset of [0, 1, WINDOW / 2, WINDOW - 1]) {
        const store = await start()
        const now = Math.ceil(NOON / WINDOW) * WINDOW + offset
        await store.accept([notification('a')], now)
        for (const later of [0, 1, WINDOW - 1]) {
          expect(await store.accept([notification('a')], now + later)).toBe(0)
        }
        expect(await store.accept([notification('a')], now + 2 * WINDOW)).toBe(1)
        expect(await store.accept([notification('a')], now + 3 * WINDOW - 1)).toBe(0)
      }
    })

    it('knows a key again for a clock that is a little behind', async () => {
      const store = await start()
      const now = Math.ceil(NOON / WINDOW) * WINDOW
      await store.accept([notification('a')], now)
      expect(await store.accept([notification('a')], now - 5)).toBe(0)
    })

    it('remembers the key of a notification that has ended', async () => {
      const store = await start()
      await store.accept([notification('a')], NOON)
      await store.end(await take(store), 'handed-over')
      expect(await store.accept([notification('a')], NOON)).toBe(0)
      expect(await booksOf(store)).toEqual([1, 1, 0, 0, 0, 0])
    })

    it('forgets keys only when their time is over', async () => {
      const store = await start()
      await store.accept([notification('a')], NOON)
      await store.forgetDuplicates(NOON + WINDOW - 1)
      expect(await store.accept([notification('a')], NOON + WINDOW - 1)).toBe(0)
      for (let count = 0; count < 3; count++) await store.forgetDuplicates(NOON + 2 * WINDOW)
      expect(await store.accept([notification('a')], NOON + 2 * WINDOW)).toBe(1)
    })

    it('fills a queue to its last place and no further', async () => {
      const store = await start({ capacity: 3 })
      expect(await store.accept([notification('a'), notification('b')], NOON)).toBe(2)
      expect(await store.accept([notification('c')], NOON)).toBe(1)
      await expect(store.accept([notification('d')], NOON)).rejects.toThrow(StoreFullError)
      expect(await booksOf(store)).toEqual([3, 0, 0, 0, 0, 3])
      expect(await takeLabels(store)).toEqual(['a', 'b', 'c'])
    })

    it('takes duplicates while the queue is full, and what was refused when there is room', async () => {
      const store = await start({ capacity: 1 })
      await store.accept([notification('a')], NOON)
      await expect(store.accept([notification('a'), notification('b')], NOON)).rejects.toThrow(StoreFullError)
      expect(await store.accept([notification('a')], NOON)).toBe(0)
      await store.end(await take(store), 'given-up')
      expect(await store.accept([notification('a'), notification('b')], NOON)).toBe(1)
      expect(await takeLabels(store)).toEqual(['b'])
    })

    it('lets a full queue keep nothing from the queue of another service', async () => {
      const store = await start({ capacity: 1 })
      await store.accept([notification('a')], NOON)
      const both = [notification('b'), notification('c', { service: 'apns' })]
      await expect(store.accept(both, NOON)).rejects.toThrow(StoreFullError)
      expect(await takeLabels(store, { service: 'apns' })).toEqual(['c'])
      expect(await booksOf(store)).toEqual([1, 0, 0, 0, 0, 1])
    })

    it('accepts concurrent calls with the same notification once', async () => {
      const store = await start()
      const counts = await Promise.all(Array.from({ length: 20 }, () => store.accept([notification('a')], NOON)))
      expect(counts.filter((count) => count === 1)).toHaveLength(1)
      expect(await booksOf(store)).toEqual([1, 0, 0, 0, 0, 1])
    })

    it('takes more in one call than a script or a statement handles at a time', async () => {
      const store = await start()
      const many = Array.from({ length: 3_000 }, (_, index) => notification(`m${index}`))
      expect(await store.accept(many, NOON)).toBe(3_000)
      expect(await takeLabels(store, { limit: 2_999 })).toHaveLength(2_999)
      expect(await takeLabels(store, { limit: 2 })).toEqual(['m2999'])
      await acceptAll(store, [notification('last')])
      expect(await booksOf(store)).toEqual([3_001, 0, 0, 0, 0, 3_001])
    })
  })
}
