import { describe, expect, it } from '@jest/globals'
import { digestOf, labels, LIFETIME_S, NOON, NOON_S, type StartSubscriptions, subscription } from './samples.suite.ts'

export function describeExpiring(start: StartSubscriptions): void {
  describe('removeExpired', () => {
    it('removes what has lived its lifetime, to the second', async () => {
      const subscriptions = await start()
      for (const age of [-1, 0, 1]) {
        await subscriptions.put(subscription(`age ${age}`, { signedAt: NOON_S - LIFETIME_S - age }), NOON - 2_000)
      }
      expect(await subscriptions.removeExpired(NOON - 1_001, 10)).toBe(0)
      expect(await subscriptions.removeExpired(NOON - 1, 10)).toBe(1)
      expect(await subscriptions.removeExpired(NOON - 1, 10)).toBe(0)
      expect(await subscriptions.removeExpired(NOON, 10)).toBe(1)
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 1]]))
      expect(await labels(subscriptions, { now: NOON })).toEqual(['age -1'])
      expect(await subscriptions.removeExpired(NOON + 1_000, 10)).toBe(1)
      expect(await subscriptions.counts()).toEqual(new Map())
    })

    it('goes by the last signature', async () => {
      const subscriptions = await start()
      const gone = (NOON_S + LIFETIME_S) * 1_000
      await subscriptions.put(subscription('a'), NOON)
      await subscriptions.put(subscription('a', { signedAt: NOON_S + 60 }), NOON)
      await subscriptions.put(subscription('a', { signedAt: NOON_S + 30 }), NOON)
      expect(await subscriptions.removeExpired(gone + 59_999, 10)).toBe(0)
      expect(await subscriptions.removeExpired(gone + 60_000, 10)).toBe(1)
    })

    it('removes so many at a time, of one account and of many', async () => {
      const subscriptions = await start({ devicesPerAccount: 100 })
      const old = { signedAt: NOON_S - LIFETIME_S }
      const before = NOON - 10_000
      const accounts = Array.from({ length: 60 }, (_, index) => digestOf(`account ${index}`))
      await Promise.all(accounts.map((account) => subscriptions.put(subscription('a', { ...old, account }), before)))
      const devices = Array.from({ length: 60 }, (_, index) => subscription(`d${index}`, old))
      await Promise.all(devices.map((one) => subscriptions.put(one, before)))
      await subscriptions.put(subscription('live'), before)
      let left = 120
      for (const limit of [1, 7, 50, 62]) {
        expect(await subscriptions.removeExpired(NOON, limit)).toBe(limit)
        left -= limit
        expect(await subscriptions.counts()).toEqual(new Map([['firebase', left + 1]]))
      }
      expect(await subscriptions.removeExpired(NOON, 1)).toBe(0)
      expect(await labels(subscriptions)).toEqual(['live'])
    })

    it('removes less than it may only when nothing is left', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a', { signedAt: NOON_S - LIFETIME_S }), NOON)
      await subscriptions.put(subscription('b', { signedAt: NOON_S - LIFETIME_S - 5 }), NOON)
      await subscriptions.put(subscription('live'), NOON)
      expect(await subscriptions.removeExpired(NOON, 0)).toBe(0)
      expect(await subscriptions.removeExpired(NOON, 3)).toBe(2)
      expect(await labels(subscriptions)).toEqual(['live'])
    })
  })
}
