import { describe, expect, it } from '@jest/globals'
import type { Subscriptions, SubscriptionOutcome } from '../subscriptions.ts'
import {
  ALICE,
  AT_NOON,
  BOB,
  digestOf,
  labels,
  LIFETIME_S,
  LIMITS,
  NOON,
  NOON_S,
  type StartSubscriptions,
  subscription,
} from './samples.suite.ts'

const GONE = (NOON_S + LIFETIME_S) * 1_000
const device = digestOf('a')

/** Subscribes Alice's device of a label with a signature that is `seconds` later than noon. */
function put(subscriptions: Subscriptions, seconds: number, label = 'a', now = NOON): Promise<SubscriptionOutcome> {
  return subscriptions.put(subscription(label, { signedAt: NOON_S + seconds }), now)
}

/** Unsubscribes Alice's device of a label with a signature that is `seconds` later than noon. */
function remove(subscriptions: Subscriptions, seconds: number, label = 'a', now = NOON): Promise<boolean> {
  return subscriptions.remove(ALICE, digestOf(label), { signedAt: NOON_S + seconds, now })
}

/** What late and repeated signatures change: nothing. */
export function describeUnsubscribing(start: StartSubscriptions): void {
  describe('an unsubscription', () => {
    it.each([
      [-1, false],
      [0, true],
      [1, true],
    ])('that is signed %i s after the subscription removes it: %p', async (seconds, isRemoved) => {
      const subscriptions = await start()
      await put(subscriptions, 0)
      expect(await remove(subscriptions, seconds)).toBe(isRemoved)
      expect(await labels(subscriptions)).toEqual(isRemoved ? [] : ['a'])
      expect(await subscriptions.counts()).toEqual(new Map(isRemoved ? [] : [['firebase', 1]]))
    })

    it.each([true, false])('keeps earlier subscriptions out, if it removed one: %p', async (wasThere) => {
      const subscriptions = await start()
      if (wasThere) await put(subscriptions, 0)
      expect(await remove(subscriptions, 5)).toBe(wasThere)
      for (const seconds of [0, 4]) expect(await put(subscriptions, seconds)).toBe('superseded')
      expect(await labels(subscriptions)).toEqual([])
      expect(await subscriptions.counts()).toEqual(new Map())
    })

    it.each([5, 6])('at 5 s lets in a subscription of %i s, and is forgotten then', async (seconds) => {
      const subscriptions = await start()
      await remove(subscriptions, 5)
      expect(await put(subscriptions, seconds)).toBe('added')
      expect(await put(subscriptions, 4)).toBe('kept')
      expect(await labels(subscriptions)).toEqual(['a'])
      expect(await subscriptions.removeDevice(device, NOON)).toBe(1)
      expect(await put(subscriptions, 4)).toBe('added')
    })

    it('that is repeated after a renewal changes nothing', async () => {
      const subscriptions = await start()
      await put(subscriptions, 0)
      await remove(subscriptions, 5)
      await put(subscriptions, 6)
      expect(await remove(subscriptions, 5)).toBe(false)
      expect(await labels(subscriptions)).toEqual(['a'])
      expect(await put(subscriptions, 6)).toBe('updated')
      expect(await remove(subscriptions, 6)).toBe(true)
    })

    it('is never made earlier by another one, only later', async () => {
      const subscriptions = await start()
      for (const seconds of [5, 3, 5, 4]) expect(await remove(subscriptions, seconds)).toBe(false)
      expect(await put(subscriptions, 4)).toBe('superseded')
      await remove(subscriptions, 7)
      expect(await put(subscriptions, 6)).toBe('superseded')
      expect(await put(subscriptions, 7)).toBe('added')
    })

    it('is of one device and one account', async () => {
      const subscriptions = await start()
      await remove(subscriptions, 5)
      expect(await put(subscriptions, 0, 'b')).toBe('added')
      expect(await subscriptions.put(subscription('a', { account: BOB }), NOON)).toBe('added')
      expect(await put(subscriptions, 0)).toBe('superseded')
    })

    it('is remembered while a subscription that was signed then may live, swept or not', async () => {
      const subscriptions = await start()
      await remove(subscriptions, 0)
      await subscriptions.removeExpired(GONE - 1, 10)
      expect(await put(subscriptions, -1, 'a', GONE - 1)).toBe('superseded')
      expect(await put(subscriptions, -1, 'a', GONE)).toBe('added')
    })

    it('is nothing that a sweep counts', async () => {
      const subscriptions = await start()
      for (const label of ['a', 'b', 'c']) await remove(subscriptions, 0, label)
      await put(subscriptions, 0, 'd')
      expect(await subscriptions.removeExpired(GONE, 2)).toBe(1)
      expect(await subscriptions.removeExpired(GONE, 2)).toBe(0)
    })

    it('takes up no place of a device, and no subscription that has none makes it forgotten', async () => {
      const subscriptions = await start({ devicesPerAccount: 2 })
      for (const label of ['a', 'b']) await remove(subscriptions, 5, label)
      for (const label of ['c', 'd']) expect(await put(subscriptions, 0, label)).toBe('added')
      expect(await put(subscriptions, 5)).toBe('full')
      expect(await put(subscriptions, 4)).toBe('superseded')
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 2]]))
    })

    it('gives way to later ones of its account when there are as many as devices may be', async () => {
      const subscriptions = await start({ devicesPerAccount: 3 })
      const times = { a: 5, b: 3, c: 4 }
      for (const [label, seconds] of Object.entries(times)) await remove(subscriptions, seconds, label)
      await subscriptions.remove(BOB, device, AT_NOON)
      // One that is remembered already takes up no other place, and the earliest of all gets none.
      await remove(subscriptions, 6, 'a')
      await remove(subscriptions, 2, 'e')
      for (const label of ['a', 'b', 'c']) expect(await put(subscriptions, 2, label)).toBe('superseded')
      expect(await put(subscriptions, 1, 'e')).toBe('added')
      await remove(subscriptions, 7, 'd')
      for (const label of ['a', 'c', 'd']) expect(await put(subscriptions, 2, label)).toBe('superseded')
      expect(await put(subscriptions, 2, 'b')).toBe('added')
      expect(await subscriptions.put(subscription('a', { account: BOB, signedAt: NOON_S - 1 }), NOON)).toBe(
        'superseded',
      )
    })

    it('of a subscription that has expired is remembered all the same', async () => {
      const subscriptions = await start()
      await put(subscriptions, 0)
      expect(await remove(subscriptions, 5, 'a', GONE)).toBe(false)
      expect(await put(subscriptions, 4, 'a', GONE)).toBe('superseded')
      expect(await subscriptions.removeExpired(GONE, 10)).toBe(1)
      expect(await put(subscriptions, 4, 'a', GONE)).toBe('superseded')
      expect(await put(subscriptions, 5, 'a', GONE)).toBe('added')
    })

    it('is none when a device is removed because its token is dead', async () => {
      const subscriptions = await start()
      await put(subscriptions, 0)
      expect(await subscriptions.removeDevice(device, NOON)).toBe(1)
      expect(await put(subscriptions, -1)).toBe('added')
    })

    it('is still remembered after the store was closed and opened again', async () => {
      const place = 'unsubscribed'
      const first = await start({ place })
      await put(first, 0)
      await remove(first, 5)
      await first.close()
      const second = await start({ place })
      expect(await put(second, 4)).toBe('superseded')
      expect(await put(second, 5)).toBe('added')
    })

    it('comes out the same in whatever order signatures come at the same time', async () => {
      const subscriptions = await start()
      const rounds = Array.from({ length: 30 }, (_, index) => `d${index}`)
      const place = (index: number): string => rounds[index % rounds.length] ?? ''
      const account = (label: string): Uint8Array => digestOf(`of ${label}`)
      const changes = rounds.flatMap((_, index) => [
        () => subscriptions.put(subscription('a', { account: account(place(index)) }), NOON),
        () => subscriptions.remove(account(place(index + 7)), device, { signedAt: NOON_S + 1, now: NOON }),
        () => subscriptions.put(subscription('a', { account: account(place(index + 13)), signedAt: NOON_S + 2 }), NOON),
        () => subscriptions.remove(account(place(index + 19)), device, AT_NOON),
      ])
      await Promise.all(changes.map((change) => change()))
      for (const label of rounds) expect(await labels(subscriptions, { account: account(label) })).toEqual(['a'])
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 30]]))
      const last = rounds.map((label) =>
        Promise.all([
          subscriptions.remove(account(label), device, { signedAt: NOON_S + 3, now: NOON }),
          subscriptions.put(subscription('a', { account: account(label), signedAt: NOON_S + 2 }), NOON),
        ]),
      )
      for (const [isRemoved] of await Promise.all(last)) expect(isRemoved).toBe(true)
      expect(await subscriptions.counts()).toEqual(new Map())
    })

    it.each([
      { member: 'account', account: new Uint8Array(15) },
      { member: 'device', removed: new Uint8Array(17) },
      { member: 'signedAt', signedAt: 0.5 },
    ])('is refused with a wrong $member', async ({ member, account = ALICE, removed = device, signedAt = NOON_S }) => {
      const subscriptions = await start(LIMITS)
      await expect(subscriptions.remove(account, removed, { signedAt, now: NOON })).rejects.toMatchObject({
        name: 'RangeError',
        message: expect.stringContaining(member),
      })
    })
  })
}
