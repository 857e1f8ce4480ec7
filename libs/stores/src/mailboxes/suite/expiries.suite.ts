import { describe, expect, it } from '@jest/globals'
import type { MessageTimes } from '../mailboxes.ts'
import {
  ALICE,
  BOB,
  DAY,
  hashOf,
  labels,
  labelsByNamespace,
  message,
  NOON,
  type StartMailboxes,
  storeAll,
} from './samples.suite.ts'

export function describeExpiries(start: StartMailboxes): void {
  describe('times', () => {
    it('tells the times of live messages of any namespace', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b', { namespace: 4, expiry: NOON + 5 })])
      const wanted = ['a', 'b', 'unknown', 'a'].map(hashOf)
      const both = new Map([
        [hashOf('a'), { timestamp: NOON - 1, expiry: NOON + DAY }],
        [hashOf('b'), { timestamp: NOON - 1, expiry: NOON + 5 }],
      ])
      expect(await mailboxes.times(ALICE, wanted, NOON)).toEqual(both)
      both.delete(hashOf('b'))
      expect(await mailboxes.times(ALICE, wanted, NOON + 5)).toEqual(both)
      expect(await mailboxes.times(BOB, wanted, NOON)).toEqual(new Map())
      expect(await mailboxes.times(ALICE, [], NOON)).toEqual(new Map())
    })
  })

  describe('shorten', () => {
    it.each([
      [0, { 0: ['a'] }],
      [2, { 2: ['c'] }],
      ['all', { 0: ['a'], 2: ['c'] }],
    ] as const)('gives live messages of namespace %s that expire later the expiry', async (namespace, expected) => {
      const mailboxes = await start()
      await storeAll(mailboxes, [
        message('a'),
        message('b', { expiry: NOON + 10 }),
        message('c', { namespace: 2, expiry: NOON + 11 }),
        message('d', { account: BOB }),
      ])
      const shortened = await mailboxes.shorten(ALICE, namespace, NOON + 10, NOON)
      expect(labelsByNamespace(shortened)).toEqual(expected)
      const { length } = Object.values<readonly string[]>(expected).flat()
      const times = await mailboxes.times(ALICE, ['a', 'b', 'c'].map(hashOf), NOON)
      expect([...times.values()].filter(({ expiry }) => expiry === NOON + 10)).toHaveLength(length + 1)
      expect(await labels(mailboxes, { account: BOB, now: NOON + 10 })).toEqual(['d'])
      expect(labelsByNamespace(await mailboxes.shorten(ALICE, namespace, NOON + 10, NOON))).toEqual({})
    })

    it('takes messages from sight at once with an expiry that has passed', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b', { expiry: NOON + 1 })])
      expect(labelsByNamespace(await mailboxes.shorten(ALICE, 'all', NOON - 5, NOON + 1))).toEqual({ 0: ['a'] })
      expect(await labels(mailboxes, { now: NOON + 1 })).toEqual([])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 2, bytes: 10 })
      expect(await mailboxes.removeExpired(NOON + 1, 10)).toBe(2)
    })
  })

  describe('changeExpiries', () => {
    it('gives the plan what is live and does what it says', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [
        message('a'),
        message('b', { namespace: 3 }),
        message('c'),
        message('d', { expiry: NOON + 1 }),
      ])
      const given: ReadonlyMap<string, MessageTimes>[] = []
      const wanted = ['a', 'b', 'c', 'd', 'unknown'].map(hashOf)
      const stored = await mailboxes.changeExpiries(
        ALICE,
        wanted,
        (times) => {
          given.push(times)
          return new Map([
            [hashOf('a'), NOON + 2 * DAY],
            [hashOf('b'), NOON + 5],
            [hashOf('d'), NOON + 3 * DAY],
            [hashOf('unknown'), NOON + 3 * DAY],
          ])
        },
        NOON + 1,
      )
      const before = { timestamp: NOON - 1, expiry: NOON + DAY }
      expect(stored).toEqual(new Map(['a', 'b', 'c'].map((label) => [hashOf(label), before])))
      expect(given.at(-1)).toEqual(stored)
      expect(await mailboxes.times(ALICE, wanted, NOON + 1)).toEqual(
        new Map([
          [hashOf('a'), { timestamp: NOON - 1, expiry: NOON + 2 * DAY }],
          [hashOf('b'), { timestamp: NOON - 1, expiry: NOON + 5 }],
          [hashOf('c'), before],
        ]),
      )
      expect(await labels(mailboxes, { now: NOON + DAY })).toEqual(['a'])
    })

    it('gives the plan nothing in a mailbox that was never used', async () => {
      const mailboxes = await start()
      const plan = (): ReadonlyMap<string, number> => new Map([[hashOf('a'), NOON + 1]])
      expect(await mailboxes.changeExpiries(ALICE, [hashOf('a')], plan, NOON)).toEqual(new Map())
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 0, bytes: 0 })
    })

    it('takes messages from sight with an expiry that has passed', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a')])
      await mailboxes.changeExpiries(ALICE, [hashOf('a')], () => new Map([[hashOf('a'), NOON]]), NOON)
      expect(await labels(mailboxes)).toEqual([])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 1, bytes: 5 })
    })

    it('loses none of many changes at a time', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b')])
      const wanted = ['a', 'b'].map(hashOf)
      const later = (times: ReadonlyMap<string, MessageTimes>): ReadonlyMap<string, number> =>
        new Map([...times].map(([hash, { expiry }]) => [hash, expiry + 1]))
      const before = await Promise.all(
        Array.from({ length: 30 }, () => mailboxes.changeExpiries(ALICE, wanted, later, NOON)),
      )
      const seen = before.map((times) => (times.get(hashOf('a'))?.expiry ?? 0) - NOON - DAY)
      expect(seen.sort((one, other) => one - other)).toEqual(Array.from({ length: 30 }, (_, index) => index))
      const after = await mailboxes.times(ALICE, wanted, NOON)
      expect([...after.values()].map(({ expiry }) => expiry)).toEqual([NOON + DAY + 30, NOON + DAY + 30])
    })
  })
}
