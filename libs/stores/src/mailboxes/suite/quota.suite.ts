import { describe, expect, it } from '@jest/globals'
import { ALICE, BOB, hashOf, labels, message, NOON, type StartMailboxes, storeAll } from './samples.suite.ts'

const THREE = { messages: 3, bytes: 1_000 }
const THIRTY_BYTES = { messages: 1_000, bytes: 30 }

export function describeQuota(start: StartMailboxes): void {
  describe('quota', () => {
    it('removes the oldest message for one too many, whatever its namespace and message time', async () => {
      const mailboxes = await start(THREE)
      await storeAll(mailboxes, [message('a', { namespace: 2, timestamp: NOON }), message('b', { timestamp: 1 })])
      expect(await mailboxes.store(message('c'), NOON)).toMatchObject({ outcome: 'stored', evicted: 0 })
      expect(await mailboxes.store(message('d'), NOON)).toMatchObject({ outcome: 'stored', evicted: 1 })
      expect(await labels(mailboxes, { namespace: 2 })).toEqual([])
      expect(await labels(mailboxes)).toEqual(['b', 'c', 'd'])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 3, bytes: 15 })
    })

    it.each([
      [9, 0, ['a', 'b', 'c']],
      [10, 0, ['a', 'b', 'c']],
      [11, 1, ['b', 'c']],
      [20, 1, ['b', 'c']],
      [21, 2, ['c']],
      [30, 2, ['c']],
    ])('makes room for %i bytes beside 20 of 30 by removing %i messages', async (length, evicted, left) => {
      const mailboxes = await start(THIRTY_BYTES)
      await storeAll(mailboxes, [message('a', { length: 10 }), message('b', { length: 10 })])
      expect(await mailboxes.store(message('c', { length }), NOON)).toMatchObject({ outcome: 'stored', evicted })
      expect(await labels(mailboxes)).toEqual(left)
      const bytes = 10 * (left.length - 1) + length
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: left.length, bytes })
    })

    it('removes no more than it has to when messages differ in size', async () => {
      const mailboxes = await start(THIRTY_BYTES)
      const lengths = { a: 1, b: 2, c: 20, d: 7 }
      await storeAll(
        mailboxes,
        Object.entries(lengths).map(([label, length]) => message(label, { length })),
      )
      expect(await mailboxes.store(message('e', { length: 4 }), NOON)).toMatchObject({ evicted: 3 })
      expect(await labels(mailboxes)).toEqual(['d', 'e'])
    })

    it('refuses a message that is larger than the quota, and changes nothing', async () => {
      const mailboxes = await start(THIRTY_BYTES)
      await storeAll(mailboxes, [message('a')])
      expect(await mailboxes.store(message('b', { length: 31, replacesNamespace: true }), NOON)).toEqual({
        outcome: 'refused',
      })
      expect(await mailboxes.store(message('b', { length: 31, account: BOB }), NOON)).toEqual({ outcome: 'refused' })
      expect(await labels(mailboxes)).toEqual(['a'])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 1, bytes: 5 })
      expect(await mailboxes.usage(BOB)).toEqual({ messages: 0, bytes: 0 })
      expect(await mailboxes.outbox(NOON + 1, 10)).toHaveLength(1)
    })

    it('leaves protected messages and removes the next oldest', async () => {
      const mailboxes = await start(THREE)
      await storeAll(mailboxes, [message('a', { isProtected: true, namespace: 2 }), message('b'), message('c')])
      expect(await mailboxes.store(message('d'), NOON)).toMatchObject({ evicted: 1 })
      expect(await mailboxes.store(message('e', { isProtected: true }), NOON)).toMatchObject({ evicted: 1 })
      expect(await labels(mailboxes, { namespace: 2 })).toEqual(['a'])
      expect(await labels(mailboxes)).toEqual(['d', 'e'])
    })

    it('refuses when protected messages leave no room, and changes nothing', async () => {
      const mailboxes = await start(THREE)
      const configuration = { isProtected: true, namespace: 2 }
      await storeAll(mailboxes, [message('a', configuration), message('b', configuration), message('c', configuration)])
      expect(await mailboxes.store(message('d'), NOON)).toEqual({ outcome: 'refused' })
      expect(await mailboxes.store(message('d', configuration), NOON)).toEqual({ outcome: 'refused' })
      expect(await labels(mailboxes, { namespace: 2 })).toEqual(['a', 'b', 'c'])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 3, bytes: 15 })
      const replacing = message('d', { ...configuration, replacesNamespace: true })
      expect(await mailboxes.store(replacing, NOON)).toMatchObject({ outcome: 'stored', evicted: 0 })
    })

    it('refuses by bytes before it removes what would not suffice', async () => {
      const mailboxes = await start(THIRTY_BYTES)
      await storeAll(mailboxes, [message('a', { length: 10 }), message('b', { length: 15, isProtected: true })])
      expect(await mailboxes.store(message('c', { length: 16 }), NOON)).toEqual({ outcome: 'refused' })
      expect(await labels(mailboxes)).toEqual(['a', 'b'])
      expect(await mailboxes.store(message('c', { length: 15 }), NOON)).toMatchObject({ outcome: 'stored', evicted: 1 })
      expect(await labels(mailboxes)).toEqual(['b', 'c'])
    })

    it('takes the room of replaced messages first', async () => {
      const mailboxes = await start(THREE)
      await storeAll(mailboxes, [message('a'), message('b', { namespace: -11 }), message('c', { namespace: 5 })])
      const replacing = message('d', { namespace: -11, replacesNamespace: true })
      expect(await mailboxes.store(replacing, NOON)).toMatchObject({ outcome: 'stored', evicted: 0 })
      expect(await labels(mailboxes)).toEqual(['a'])
      expect(await labels(mailboxes, { namespace: 5 })).toEqual(['c'])
    })

    it('takes the room of the expired message that is stored again first', async () => {
      const mailboxes = await start(THREE)
      await storeAll(mailboxes, [message('a'), message('b', { expiry: NOON + 1 }), message('c')])
      expect(await mailboxes.store(message('b'), NOON + 1)).toMatchObject({ outcome: 'stored', evicted: 0 })
      expect(await labels(mailboxes)).toEqual(['a', 'c', 'b'])
    })

    it('keeps an expired message in its count until it is swept or the oldest', async () => {
      const mailboxes = await start(THREE)
      await storeAll(mailboxes, [message('a'), message('b', { expiry: NOON + 1 }), message('c')])
      expect(await mailboxes.store(message('d'), NOON + 1)).toMatchObject({ evicted: 1 })
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 3, bytes: 15 })
      expect(await mailboxes.store(message('e'), NOON + 1)).toMatchObject({ evicted: 1 })
      expect(await labels(mailboxes)).toEqual(['c', 'd', 'e'])
      expect(await mailboxes.removeExpired(NOON + 1, 10)).toBe(0)
    })

    it('removes nothing for a known message', async () => {
      const mailboxes = await start(THREE)
      await storeAll(mailboxes, [message('a'), message('b'), message('c')])
      expect(await mailboxes.store(message('a', { length: 1_000 }), NOON)).toMatchObject({ outcome: 'known' })
      expect(await labels(mailboxes)).toEqual(['a', 'b', 'c'])
    })

    it('counts each mailbox for itself', async () => {
      const mailboxes = await start(THREE)
      await storeAll(mailboxes, [message('a'), message('b'), message('c')])
      expect(await mailboxes.store(message('d', { account: BOB }), NOON)).toMatchObject({ evicted: 0 })
    })

    it('removes everything but the new message with a quota of one', async () => {
      const mailboxes = await start({ messages: 1, bytes: 100 })
      await storeAll(mailboxes, [message('a', { expiry: NOON + 1 }), message('b'), message('c')])
      expect(await labels(mailboxes)).toEqual(['c'])
      expect(await mailboxes.times(ALICE, [hashOf('b')], NOON)).toEqual(new Map())
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 1, bytes: 5 })
    })

    it('holds under many stores at a time', async () => {
      const mailboxes = await start({ messages: 10, bytes: 1_000 })
      const names = Array.from({ length: 50 }, (_, index) => `m${index}`)
      const outcomes = await Promise.all(names.map((name) => mailboxes.store(message(name), NOON)))
      expect(outcomes.filter(({ outcome }) => outcome === 'stored')).toHaveLength(50)
      expect(await labels(mailboxes)).toEqual(names.slice(40))
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 10, bytes: 50 })
    })
  })
}
