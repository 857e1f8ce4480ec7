import { describe, expect, it } from '@jest/globals'
import {
  ALICE,
  AT_NOON,
  BOB,
  digestOf,
  labels,
  LIFETIME_S,
  NOON,
  NOON_S,
  type StartSubscriptions,
  subscription,
} from './samples.suite.ts'

export function describeRemoving(start: StartSubscriptions): void {
  const device = digestOf('a')

  describe('remove', () => {
    it('removes one device of one account, and tells whether it was there', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a'), NOON)
      await subscriptions.put(subscription('b'), NOON)
      await subscriptions.put(subscription('a', { account: BOB }), NOON)
      expect(await subscriptions.remove(ALICE, device, AT_NOON)).toBe(true)
      expect(await subscriptions.remove(ALICE, device, AT_NOON)).toBe(false)
      expect(await labels(subscriptions)).toEqual(['b'])
      expect(await labels(subscriptions, { account: BOB })).toEqual(['a'])
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 2]]))
      expect(await subscriptions.put(subscription('a'), NOON)).toBe('added')
    })

    it('knows a subscription until its lifetime is over', async () => {
      const subscriptions = await start()
      const gone = (NOON_S + LIFETIME_S) * 1_000
      await subscriptions.put(subscription('a'), NOON)
      await subscriptions.put(subscription('b'), NOON)
      expect(await subscriptions.remove(ALICE, device, { signedAt: NOON_S, now: gone })).toBe(false)
      expect(await subscriptions.remove(ALICE, device, { signedAt: NOON_S, now: gone - 1 })).toBe(true)
      expect(await subscriptions.remove(ALICE, digestOf('b'), { signedAt: NOON_S, now: gone + 1 })).toBe(false)
    })
  })

  describe('removeDevice', () => {
    it('removes the device from every account', async () => {
      const subscriptions = await start()
      const accounts = Array.from({ length: 1_200 }, (_, index) => digestOf(`account ${index}`))
      await Promise.all(accounts.map((account) => subscriptions.put(subscription('a', { account }), NOON)))
      await subscriptions.put(subscription('b', { account: digestOf('account 7') }), NOON)
      expect(await subscriptions.removeDevice(device, NOON)).toBe(1_200)
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 1]]))
      expect(await labels(subscriptions, { account: digestOf('account 7') })).toEqual(['b'])
      expect(await subscriptions.removeDevice(device, NOON)).toBe(0)
    })

    it('spares what was registered later', async () => {
      const subscriptions = await start()
      const accounts = ['before', 'then', 'after'].map(digestOf)
      for (const [index, account] of accounts.entries()) {
        await subscriptions.put(subscription('a', { account, registeredAt: NOON - 1 + index }), NOON)
      }
      expect(await subscriptions.removeDevice(device, NOON - 2)).toBe(0)
      expect(await subscriptions.removeDevice(device, NOON)).toBe(2)
      const left = await Promise.all(accounts.map((account) => labels(subscriptions, { account })))
      expect(left).toEqual([[], [], ['a']])
      expect(await subscriptions.removeDevice(device, NOON + 1)).toBe(1)
    })

    it.each([
      ['updated', NOON_S + 1],
      ['updated', NOON_S],
      ['kept', NOON_S - 1],
    ] as const)('takes a registration that is %s for a later one', async (outcome, signedAt) => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a'), NOON)
      expect(await subscriptions.put(subscription('a', { signedAt, registeredAt: NOON + 10 }), NOON)).toBe(outcome)
      expect(await subscriptions.removeDevice(device, NOON + 9)).toBe(0)
      expect(await subscriptions.removeDevice(device, NOON + 10)).toBe(1)
    })

    it.each([
      ['updated', NOON_S + 1],
      ['kept', NOON_S - 1],
    ] as const)('forgets no later registration when an earlier one is %s after it', async (outcome, signedAt) => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a'), NOON)
      expect(await subscriptions.put(subscription('a', { signedAt, registeredAt: NOON - 10 }), NOON)).toBe(outcome)
      expect(await subscriptions.removeDevice(device, NOON - 1)).toBe(0)
      expect(await subscriptions.removeDevice(device, NOON)).toBe(1)
    })

    it('finds a device again that was removed and added anew', async () => {
      const subscriptions = await start()
      for (let round = 0; round < 3; round++) {
        expect(await subscriptions.put(subscription('a'), NOON)).toBe('added')
        expect(await subscriptions.removeDevice(device, NOON)).toBe(1)
        expect(await subscriptions.put(subscription('a'), NOON)).toBe('added')
        expect(await subscriptions.remove(ALICE, device, AT_NOON)).toBe(true)
        expect(await subscriptions.removeDevice(device, NOON)).toBe(0)
      }
    })

    it('removes expired ones too', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a', { signedAt: NOON_S - LIFETIME_S }), NOON)
      expect(await labels(subscriptions)).toEqual([])
      expect(await subscriptions.removeDevice(device, NOON)).toBe(1)
      expect(await subscriptions.removeExpired(NOON, 10)).toBe(0)
    })
  })
}
