import { describe, expect, it } from '@jest/globals'
import {
  ALICE,
  BOB,
  DAY,
  hashOf,
  labels,
  message,
  NOON,
  ROOMY,
  type StartMailboxes,
  storeAll,
  UNLIMITED,
} from './samples.suite.ts'

export function describeStoring(start: StartMailboxes): void {
  describe('store', () => {
    it('keeps every member of a message, bytes and numbers exactly', async () => {
      const mailboxes = await start()
      const data = Uint8Array.from({ length: 76_800 }, (_, index) => index % 251)
      const expiry = Number.MAX_SAFE_INTEGER
      const outcome = await mailboxes.store(message('a', { namespace: -32_768, timestamp: 1, expiry, data }), NOON)
      expect(outcome).toEqual({ outcome: 'stored', expiry, evicted: 0, outboxId: expect.any(String) })
      const list = await mailboxes.retrieve({ account: ALICE, namespace: -32_768, limits: UNLIMITED }, NOON)
      expect(list.more).toBe(false)
      expect(list.messages).toHaveLength(1)
      expect(list.messages[0]).toMatchObject({ hash: hashOf('a'), timestamp: 1, expiry })
      expect(Buffer.compare(list.messages[0]?.data ?? new Uint8Array(), data)).toBe(0)
    })

    it('keeps an empty message', async () => {
      const mailboxes = await start()
      await mailboxes.store(message('a', { length: 0, namespace: 32_767 }), NOON)
      const list = await mailboxes.retrieve({ account: ALICE, namespace: 32_767, limits: UNLIMITED }, NOON)
      expect(list.messages.map(({ data }) => data.length)).toEqual([0])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 1, bytes: 0 })
    })

    it('keeps the order of insertion, whatever the message times, expiries and hashes', async () => {
      const mailboxes = await start()
      const times = [5, 3, 9, 1, 7]
      const sent = times.map((time) => message(`m${time}`, { timestamp: NOON - time, expiry: NOON + DAY + time }))
      await storeAll(mailboxes, sent)
      expect(await labels(mailboxes)).toEqual(['m5', 'm3', 'm9', 'm1', 'm7'])
    })

    it('keeps accounts and namespaces apart', async () => {
      const mailboxes = await start()
      const places = [ALICE, BOB].flatMap((account) => [-1, 0, 1].map((namespace) => ({ account, namespace })))
      for (const [index, place] of places.entries()) await mailboxes.store(message(`m${index}`, place), NOON)
      for (const [index, place] of places.entries()) expect(await labels(mailboxes, place)).toEqual([`m${index}`])
      expect(await mailboxes.usage(BOB)).toEqual({ messages: 3, bytes: 15 })
    })

    it('takes a hash for each account', async () => {
      const mailboxes = await start()
      await mailboxes.store(message('a'), NOON)
      expect(await mailboxes.store(message('a', { account: BOB }), NOON)).toMatchObject({ outcome: 'stored' })
    })

    it('gives a known message the later expiry and leaves its place and its data', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b')])
      const later = await mailboxes.store(message('a', { expiry: NOON + 2 * DAY, length: 9 }), NOON)
      expect(later).toEqual({ outcome: 'known', expiry: NOON + 2 * DAY })
      const earlier = await mailboxes.store(message('a', { expiry: NOON + 1 }), NOON)
      expect(earlier).toEqual({ outcome: 'known', expiry: NOON + 2 * DAY })
      expect(await labels(mailboxes)).toEqual(['a', 'b'])
      expect(await labels(mailboxes, { now: NOON + 2 * DAY - 1 })).toEqual(['a'])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 2, bytes: 10 })
    })

    it('knows a message of another namespace, where it stays', async () => {
      const mailboxes = await start()
      await mailboxes.store(message('a', { namespace: 2 }), NOON)
      const again = message('a', { namespace: 3, expiry: NOON + 2 * DAY, replacesNamespace: true })
      expect(await mailboxes.store(again, NOON)).toEqual({ outcome: 'known', expiry: NOON + 2 * DAY })
      expect(await labels(mailboxes, { namespace: 3 })).toEqual([])
      expect(await labels(mailboxes, { namespace: 2 })).toEqual(['a'])
    })

    it('takes an expired message as new, at the end', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a', { expiry: NOON + 10, length: 7 }), message('b')])
      const again = message('a', { namespace: 0, timestamp: 4, length: 3 })
      expect(await mailboxes.store(again, NOON + 10)).toMatchObject({ outcome: 'stored', expiry: NOON + DAY })
      const list = await mailboxes.retrieve({ account: ALICE, namespace: 0, limits: UNLIMITED }, NOON + 10)
      expect(list.messages.map(({ hash, timestamp, data }) => [hash, timestamp, data.length])).toEqual([
        [hashOf('b'), NOON - 1, 5],
        [hashOf('a'), 4, 3],
      ])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 2, bytes: 8 })
      expect(await mailboxes.removeExpired(NOON + 10, 10)).toBe(0)
    })

    it('takes the only message of a mailbox as new in another namespace once it has expired', async () => {
      const mailboxes = await start()
      await mailboxes.store(message('a', { expiry: NOON + 10 }), NOON)
      const again = message('a', { namespace: 5 })
      expect(await mailboxes.store(again, NOON + 10)).toMatchObject({ outcome: 'stored' })
      expect(await labels(mailboxes, { now: NOON + 10 })).toEqual([])
      expect(await labels(mailboxes, { namespace: 5, now: NOON + 10 })).toEqual(['a'])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 1, bytes: 5 })
    })

    it('stores a message that has expired already, which nobody sees', async () => {
      const mailboxes = await start()
      expect(await mailboxes.store(message('a', { expiry: NOON }), NOON)).toMatchObject({ outcome: 'stored' })
      expect(await labels(mailboxes)).toEqual([])
      expect(await mailboxes.removeExpired(NOON, 10)).toBe(1)
    })

    it('replaces the messages of the namespace and of no other, protected and expired ones too', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [
        message('a', { namespace: -11, isProtected: true }),
        message('b', { namespace: -11, expiry: NOON + 1 }),
        message('c', { namespace: -10 }),
        message('d', { namespace: -11, account: BOB }),
      ])
      const replacing = message('e', { namespace: -11, replacesNamespace: true, length: 8 })
      expect(await mailboxes.store(replacing, NOON + 1)).toMatchObject({ outcome: 'stored', evicted: 0 })
      expect(await labels(mailboxes, { namespace: -11 })).toEqual(['e'])
      expect(await labels(mailboxes, { namespace: -10 })).toEqual(['c'])
      expect(await labels(mailboxes, { namespace: -11, account: BOB })).toEqual(['d'])
      expect(await mailboxes.usage(ALICE)).toEqual({ messages: 2, bytes: 13 })
    })

    it('replaces nothing when the message is known', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b')])
      expect(await mailboxes.store(message('a', { replacesNamespace: true }), NOON)).toMatchObject({ outcome: 'known' })
      expect(await labels(mailboxes)).toEqual(['a', 'b'])
    })

    it('stores a message once, however many store it at a time', async () => {
      const mailboxes = await start()
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) => mailboxes.store(message('a', { expiry: NOON + DAY + index }), NOON)),
      )
      expect(outcomes.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1)
      expect(outcomes.filter(({ outcome }) => outcome === 'known')).toHaveLength(19)
      expect(await labels(mailboxes, { now: NOON + DAY + 18 })).toEqual(['a'])
      expect(await mailboxes.outbox(NOON + 1, 100)).toHaveLength(1)
    })

    it('stores the messages of many accounts at a time, each account in its order', async () => {
      const mailboxes = await start()
      const accounts = Array.from({ length: 40 }, (_, index) => `05${index.toString(16).padStart(2, '0').repeat(32)}`)
      const names = Array.from({ length: 10 }, (_, index) => `m${index}`)
      await Promise.all(
        names.flatMap((name) => accounts.map((account) => mailboxes.store(message(name, { account }), NOON))),
      )
      for (const account of accounts) {
        expect(await labels(mailboxes, { account })).toEqual(names)
        expect(await mailboxes.usage(account)).toEqual({ messages: 10, bytes: 50 })
      }
    })

    it('keeps everything over a close', async () => {
      const place = `kept-${NOON}`
      const first = await start(ROOMY, place)
      await storeAll(first, [message('b'), message('a', { namespace: 3 }), message('c')])
      await first.revoke(BOB, [Uint8Array.of(1, 2)], 50)
      await first.close()
      const second = await start(ROOMY, place)
      expect(await labels(second)).toEqual(['b', 'c'])
      expect(await labels(second, { namespace: 3 })).toEqual(['a'])
      expect(await second.usage(ALICE)).toEqual({ messages: 3, bytes: 15 })
      expect((await second.revokedTokens(BOB)).map((token) => [...token])).toEqual([[1, 2]])
      await second.store(message('d'), NOON)
      expect(await labels(second)).toEqual(['b', 'c', 'd'])
    })
  })
}
