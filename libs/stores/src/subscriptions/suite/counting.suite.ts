import { describe, expect, it } from '@jest/globals'
import type { Subscription } from '../subscriptions.ts'
import {
  ALICE,
  AT_NOON,
  digestOf,
  labels,
  LIFETIME_S,
  NOON,
  NOON_S,
  sealedTexts,
  type StartSubscriptions,
  subscription,
} from './samples.suite.ts'

export function describeCounting(start: StartSubscriptions): void {
  describe('counts', () => {
    it('counts by service, expired ones included until they are swept', async () => {
      const subscriptions = await start()
      const old = { signedAt: NOON_S - LIFETIME_S }
      await subscriptions.put(subscription('a', { service: 'apns' }), NOON)
      await subscriptions.put(subscription('b', { service: 'apns', ...old }), NOON)
      await subscriptions.put(subscription('c', old), NOON)
      await subscriptions.put(subscription('d', { account: digestOf('another') }), NOON)
      expect(await subscriptions.counts()).toEqual(
        new Map([
          ['apns', 2],
          ['firebase', 2],
        ]),
      )
      await subscriptions.removeExpired(NOON, 10)
      await subscriptions.remove(ALICE, digestOf('a'), AT_NOON)
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 1]]))
    })
  })

  describe('at the same time', () => {
    it('devices find room for as many as there may be', async () => {
      const subscriptions = await start({ devicesPerAccount: 5 })
      const all = Array.from({ length: 40 }, (_, index) => subscription(`d${index % 20}`))
      const outcomes = await Promise.all(all.map((one) => subscriptions.put(one, NOON)))
      const count = (outcome: string): number => outcomes.filter((one) => one === outcome).length
      expect([count('added'), count('updated'), count('full')]).toEqual([5, 5, 30])
      expect(await labels(subscriptions)).toHaveLength(5)
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 5]]))
    })

    it('the latest signature stays, in whatever order they come', async () => {
      const subscriptions = await start()
      const times = Array.from({ length: 50 }, (_, index) => NOON_S + ((index * 37) % 50))
      const all = times.map((signedAt) =>
        subscription('a', { signedAt, sealed: new TextEncoder().encode(String(signedAt)) }),
      )
      const outcomes = await Promise.all(all.map((one) => subscriptions.put(one, NOON)))
      expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(1)
      expect(await sealedTexts(subscriptions)).toEqual({ a: String(NOON_S + 49) })
    })

    it('a device is removed of which a later registration is spared', async () => {
      const subscriptions = await start()
      const accounts = Array.from({ length: 40 }, (_, index) => digestOf(`account ${index}`))
      const put = (account: Uint8Array, changes: Partial<Subscription> = {}) =>
        subscriptions.put(subscription('a', { account, ...changes }), NOON)
      await Promise.all(accounts.map((account) => put(account)))
      const again = accounts.filter((_, index) => index % 2 === 0)
      await Promise.all([
        ...again.map((account) => put(account, { registeredAt: NOON + 1 })),
        subscriptions.removeDevice(digestOf('a'), NOON),
      ])
      for (const [index, account] of accounts.entries()) {
        expect(await labels(subscriptions, { account })).toEqual(index % 2 === 0 ? ['a'] : [])
      }
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 20]]))
      expect(await subscriptions.removeDevice(digestOf('a'), NOON + 1)).toBe(20)
    })
  })

  describe('opened again', () => {
    it('has what it had, and its counts', async () => {
      const place = 'opened-again'
      const first = await start({ place })
      await first.put(subscription('a', { namespaces: [-5, 3] }), NOON)
      await first.put(subscription('b', { service: 'apns' }), NOON)
      await first.put(subscription('c'), NOON)
      await first.remove(ALICE, digestOf('c'), AT_NOON)
      await first.close()
      const second = await start({ place })
      expect(await labels(second, { namespace: -5 })).toEqual(['a'])
      expect(await sealedTexts(second)).toEqual({ b: 'sealed b' })
      expect(await second.counts()).toEqual(
        new Map([
          ['apns', 1],
          ['firebase', 1],
        ]),
      )
      expect(await second.put(subscription('a', { signedAt: NOON_S - 1 }), NOON)).toBe('kept')
      expect(await second.removeDevice(digestOf('b'), NOON)).toBe(1)
    })
  })
}
