import { describe, expect, it } from '@jest/globals'
import type { Mailboxes, MessageLimits } from '../mailboxes.ts'
import {
  ALICE,
  BOB,
  DAY,
  hashOf,
  labelOf,
  labels,
  message,
  NOON,
  type StartMailboxes,
  storeAll,
} from './samples.suite.ts'

/** What a message of 10 bytes costs with an overhead of 100. */
const COST = 113

async function page(mailboxes: Mailboxes, limits: Partial<MessageLimits>, now = NOON): Promise<[string, boolean]> {
  const whole = { count: Infinity, size: Infinity, overhead: 100, ...limits }
  const { messages, more } = await mailboxes.retrieve({ account: ALICE, namespace: 0, limits: whole }, now)
  return [messages.map(({ hash }) => labelOf(hash)).join(''), more]
}

export function describeRetrieving(start: StartMailboxes): void {
  describe('retrieve', () => {
    it('finds nothing in a mailbox that was never used', async () => {
      expect(await page(await start(), {})).toEqual(['', false])
    })

    it.each([
      ['a', ['b', 'c', 'd']],
      ['c', ['d']],
      ['d', []],
      ['unknown', ['a', 'b', 'c', 'd']],
      ['elsewhere', ['a', 'b', 'c', 'd']],
      ['bobs', ['a', 'b', 'c', 'd']],
    ])('goes on after %s', async (after, expected) => {
      const mailboxes = await start()
      await storeAll(mailboxes, [
        message('a'),
        message('b'),
        message('elsewhere', { namespace: 1 }),
        message('bobs', { account: BOB }),
        message('c'),
        message('d'),
      ])
      expect(await labels(mailboxes, { after: hashOf(after) })).toEqual(expected)
    })

    it('starts again when the message to go on after has expired or is removed', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b', { expiry: NOON + 5 }), message('c')])
      expect(await labels(mailboxes, { after: hashOf('b'), now: NOON + 4 })).toEqual(['c'])
      expect(await labels(mailboxes, { after: hashOf('b'), now: NOON + 5 })).toEqual(['a', 'c'])
      await mailboxes.delete(ALICE, [hashOf('b')], NOON)
      expect(await labels(mailboxes, { after: hashOf('b') })).toEqual(['a', 'c'])
    })

    it('shows a message until the millisecond before its expiry', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a')])
      expect(await page(mailboxes, {}, NOON + DAY - 1)).toEqual(['a', false])
      expect(await page(mailboxes, {}, NOON + DAY)).toEqual(['', false])
    })

    it.each([
      [{ count: 1 }, ['a', true]],
      [{ count: 2 }, ['ab', true]],
      [{ count: 3 }, ['abc', false]],
      [{ count: 4 }, ['abc', false]],
      [{ size: 0 }, ['a', true]],
      [{ size: COST - 1 }, ['a', true]],
      [{ size: COST }, ['a', true]],
      [{ size: 2 * COST - 1 }, ['a', true]],
      [{ size: 2 * COST }, ['ab', true]],
      [{ size: 2 * COST + 1 }, ['ab', true]],
      [{ size: 3 * COST - 1 }, ['ab', true]],
      [{ size: 3 * COST }, ['abc', false]],
      [{ size: 39, overhead: 0 }, ['abc', false]],
      [{ size: 38, overhead: 0 }, ['ab', true]],
      [{ size: 3 * COST, count: 2 }, ['ab', true]],
    ] as const)('gives what fits into %j of three messages of 10 bytes', async (limits, expected) => {
      const mailboxes = await start()
      await storeAll(
        mailboxes,
        ['a', 'b', 'c'].map((label) => message(label, { length: 10 })),
      )
      expect(await page(mailboxes, limits)).toEqual(expected)
    })

    it('ends with the first message that does not fit, smaller ones behind it or not', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a'), message('b', { length: 1_000 }), message('c')])
      expect(await page(mailboxes, { size: 300 })).toEqual(['a', true])
      expect(await page(mailboxes, { size: 106 + 1_433 })).toEqual(['ab', true])
    })

    it('gives one message that is larger than the limit', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [message('a', { length: 1_000 })])
      expect(await page(mailboxes, { size: 10 })).toEqual(['a', false])
    })

    it('counts no expired message, neither to a limit nor as more', async () => {
      const mailboxes = await start()
      await storeAll(mailboxes, [
        message('x', { expiry: NOON + 1 }),
        message('a', { length: 10 }),
        message('y', { expiry: NOON + 1 }),
        message('b', { length: 10 }),
        message('z', { expiry: NOON + 1 }),
      ])
      expect(await page(mailboxes, { count: 2 }, NOON + 1)).toEqual(['ab', false])
      expect(await page(mailboxes, { size: 2 * COST }, NOON + 1)).toEqual(['ab', false])
      expect(await page(mailboxes, { count: 1 }, NOON + 1)).toEqual(['a', true])
    })

    it('pages through a large mailbox without a gap', async () => {
      const mailboxes = await start()
      const names = Array.from({ length: 250 }, (_, index) => `m${index}`)
      await Promise.all(names.map((name) => mailboxes.store(message(name), NOON)))
      const seen: string[] = []
      for (let more = true; more;) {
        const last = seen.at(-1)
        const after = last === undefined ? {} : { after: hashOf(last) }
        const limits = { count: 40, size: Infinity, overhead: 0 }
        const list = await mailboxes.retrieve({ account: ALICE, namespace: 0, limits, ...after }, NOON)
        seen.push(...list.messages.map(({ hash }) => labelOf(hash)))
        more = list.more
      }
      expect(seen).toEqual(names)
    })
  })
}
