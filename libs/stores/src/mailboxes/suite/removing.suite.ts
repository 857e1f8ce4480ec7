import { describe, expect, it } from '@jest/globals'
import {
  ALICE,
  BOB,
  hashOf,
  labelOf,
  labels,
  labelsByNamespace,
  message,
  NOON,
  type StartMailboxes,
  storeAll,
} from './samples.suite.ts'

export function describeRemoving(start: StartMailboxes): void {
  describe('delete', () => {
    it('removes live messages of any namespace and names them', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [
        message('a'),
        message('b', { namespace: 7 }),
        message('c'),
        message('d', { account: BOB }),
      ])
      const wanted = ['b', 'a', 'unknown', 'd', 'a'].map(hashOf)
      expect([...(await mailboxes.delete(ALICE, wanted, NOON))].map(labelOf).sort()).toEqual(['a', 'b'])
      expect(await labels(mailboxes)).toEqual(['c'])
      expect(await labels(mailboxes, { account: BOB })).toEqual(['d'])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 1, bytes: 5 })
      expect(await mailboxes.delete(ALICE, wanted, NOON)).toEqual([])
    })

    it('does not know expired messages', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a', { expiry: NOON + 1 })])
      expect(await mailboxes.delete(ALICE, [hashOf('a')], NOON + 1)).toEqual([])
      expect(await mailboxes.delete(ALICE, [], NOON)).toEqual([])
    })

    it('lets a deleted message be stored again, at the end', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b')])
      await mailboxes.delete(ALICE, [hashOf('a')], NOON)
      expect(await mailboxes.store(message('a'), NOON)).toMatchObject({ outcome: 'stored' })
      expect(await labels(mailboxes)).toEqual(['b', 'a'])
    })

    it('names a message once, however many delete it at a time', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a')])
      const deleted = await Promise.all(Array.from({ length: 10 }, () => mailboxes.delete(ALICE, [hashOf('a')], NOON)))
      expect(deleted.flat()).toEqual([hashOf('a')])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 0, bytes: 0 })
    })
  })

  describe('deleteRange', () => {
    const times = [
      message('a', { timestamp: 10 }),
      message('b', { timestamp: 20, namespace: -3 }),
      message('c', { timestamp: 30 }),
      message('d', { timestamp: 10, expiry: NOON + 1 }),
      message('e', { timestamp: 20, namespace: 9 }),
      message('f', { timestamp: 10, account: BOB }),
    ]

    it.each([
      [{ namespace: 0 }, { 0: ['a', 'c'] }],
      [{ namespace: 0, until: 29 }, { 0: ['a'] }],
      [{ namespace: 0, until: 30 }, { 0: ['a', 'c'] }],
      [{ namespace: 0, until: 9 }, {}],
      [{ namespace: -3, until: 20 }, { [-3]: ['b'] }],
      [{ namespace: 1 }, {}],
      [{ namespace: 'all' }, { [-3]: ['b'], 0: ['a', 'c'], 9: ['e'] }],
      [{ namespace: 'all', until: 19 }, { 0: ['a'] }],
      [
        { namespace: 'all', until: 20 },
        { [-3]: ['b'], 0: ['a'], 9: ['e'] },
      ],
    ] as const)('removes what is live in %j', async (range, expected) => {
      const mailboxes = await start()
      await storeAll(mailboxes, times)
      const deleted = await mailboxes.deleteRange(ALICE, range, NOON + 1)
      expect(labelsByNamespace(deleted)).toEqual(expected)
      const gone = Object.values<readonly string[]>(expected).flat()
      const left = await Promise.all([-3, 0, 9].map((namespace) => labels(mailboxes, { namespace, now: NOON + 1 })))
      expect(left.flat().sort()).toEqual(['a', 'b', 'c', 'e'].filter((label) => !gone.includes(label)))
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 5 - gone.length, bytes: 5 * (5 - gone.length) })
      expect(await labels(mailboxes, { account: BOB })).toEqual(['f'])
    })

    it('finds nothing in a mailbox that was never used', async () => {
      const mailboxes = await start()
      expect(await mailboxes.deleteRange(ALICE, { namespace: 'all' }, NOON)).toEqual(new Map())
    })
  })

  describe('removeExpired', () => {
    it('removes what has expired in batches and leaves the rest', async () => {
      const mailboxes = await start()
      for (let index = 0; index < 7; index++) {
        const account = index % 2 === 0 ? ALICE : BOB
        await mailboxes.store(message(`m${index}`, { account, expiry: NOON + index, isProtected: index === 2 }), NOON)
      }
      const batches = [1, 2, 3].map(() => mailboxes.removeExpired(NOON + 4, 2))
      expect(await Promise.all(batches)).toEqual([2, 2, 1])
      expect(await mailboxes.removeExpired(NOON + 4, 2)).toBe(0)
      expect(await labels(mailboxes, { now: 0 })).toEqual(['m6'])
      expect(await labels(mailboxes, { now: 0, account: BOB })).toEqual(['m5'])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 1, bytes: 5 })
      expect(await mailboxes.usage(BOB)).toEqual({ messages: 1, bytes: 5 })
    })

    it('goes by the expiry that a message was given last', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a', { expiry: NOON + 1 }), message('b', { expiry: NOON + 1 }), message('c')])
      await mailboxes.store(message('a', { expiry: NOON + 9 }), NOON)
      await mailboxes.shorten(ALICE, 0, NOON + 5, NOON)
      expect(await mailboxes.removeExpired(NOON + 4, 10)).toBe(1)
      expect(await mailboxes.removeExpired(NOON + 5, 10)).toBe(2)
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 0, bytes: 0 })
    })

    it('takes messages for an account again that it has emptied', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a', { expiry: NOON + 1 })])
      expect(await mailboxes.removeExpired(NOON + 1, 10)).toBe(1)
      await storeAll(mailboxes, [message('a'), message('b')])
      expect(await labels(mailboxes)).toEqual(['a', 'b'])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 2, bytes: 10 })
    })
  })
}
