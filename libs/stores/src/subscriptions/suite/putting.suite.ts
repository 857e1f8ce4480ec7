import { describe, expect, it } from '@jest/globals'
import type { Subscription } from '../subscriptions.ts'
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
  sealedTexts,
  type StartSubscriptions,
  subscription,
} from './samples.suite.ts'

export function describePutting(start: StartSubscriptions): void {
  const sealed = new TextEncoder().encode('other')

  describe('put', () => {
    it('keeps every member exactly', async () => {
      const subscriptions = await start()
      const bytes = Uint8Array.from({ length: 4_096 }, (_, index) => index % 251)
      const sent = subscription('a', { service: 'é'.repeat(16), wantsData: false, sealed: bytes })
      expect(await subscriptions.put(sent, NOON)).toBe('added')
      const [found, ...others] = await subscriptions.matching(ALICE, 0, NOON)
      expect(others).toEqual([])
      expect(found).toMatchObject({ service: 'é'.repeat(16), wantsData: false })
      expect(Buffer.compare(found?.device ?? Buffer.of(), sent.device)).toBe(0)
      expect(Buffer.compare(found?.sealed ?? Buffer.of(), bytes)).toBe(0)
    })

    it('is the same again when it is repeated', async () => {
      const subscriptions = await start()
      expect(await subscriptions.put(subscription('a'), NOON)).toBe('added')
      expect(await subscriptions.put(subscription('a'), NOON)).toBe('updated')
      expect(await sealedTexts(subscriptions)).toEqual({ a: 'sealed a' })
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 1]]))
    })

    it('replaces everything when the signature is later, and when it is as old', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a'), NOON)
      for (const signedAt of [NOON_S, NOON_S + 1]) {
        const changes = { signedAt, sealed, namespaces: [signedAt - NOON_S + 7], wantsData: false, service: 'apns' }
        expect(await subscriptions.put(subscription('a', changes), NOON)).toBe('updated')
        expect(await subscriptions.matching(ALICE, 0, NOON)).toEqual([])
        const [found] = await subscriptions.matching(ALICE, signedAt - NOON_S + 7, NOON)
        expect(found).toMatchObject({ wantsData: false, service: 'apns' })
        expect(Buffer.from(found?.sealed ?? []).toString()).toBe('other')
      }
      expect(await subscriptions.counts()).toEqual(new Map([['apns', 1]]))
    })

    it('keeps a later signature: an older one neither shortens its life nor changes it', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a'), NOON)
      const older = subscription('a', { signedAt: NOON_S - 1, sealed, namespaces: [7], service: 'apns' })
      expect(await subscriptions.put(older, NOON)).toBe('kept')
      expect(await sealedTexts(subscriptions)).toEqual({ a: 'sealed a' })
      expect(await labels(subscriptions, { namespace: 7 })).toEqual([])
      expect(await labels(subscriptions, { now: (NOON_S + LIFETIME_S) * 1_000 - 1 })).toEqual(['a'])
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 1]]))
    })

    it('keeps accounts, devices and services apart', async () => {
      const subscriptions = await start()
      const all = [ALICE, BOB].flatMap((account) => ['a', 'b'].map((label) => subscription(label, { account })))
      for (const one of all) expect(await subscriptions.put(one, NOON)).toBe('added')
      expect(await labels(subscriptions)).toEqual(['a', 'b'])
      expect(await labels(subscriptions, { account: BOB })).toEqual(['a', 'b'])
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 4]]))
    })

    it('tells digests apart by their last byte', async () => {
      const subscriptions = await start()
      const other = ALICE.slice()
      other[15] = (other[15] ?? 0) ^ 1
      const device = digestOf('a')
      device[15] = (device[15] ?? 0) ^ 1
      await subscriptions.put(subscription('a'), NOON)
      expect(await subscriptions.put(subscription('a', { account: other }), NOON)).toBe('added')
      expect(await subscriptions.put(subscription('a', { device }), NOON)).toBe('added')
      expect(await subscriptions.matching(ALICE, 0, NOON)).toHaveLength(2)
      expect(await subscriptions.matching(other, 0, NOON)).toHaveLength(1)
      expect(await subscriptions.removeDevice(device, NOON)).toBe(1)
      expect(await labels(subscriptions)).toEqual(['a'])
      expect(await subscriptions.remove(other, digestOf('a'), AT_NOON)).toBe(true)
      expect(await labels(subscriptions)).toEqual(['a'])
    })

    it('finds room for so many devices of an account and for no more', async () => {
      const subscriptions = await start({ devicesPerAccount: 3 })
      for (const label of ['a', 'b', 'c']) expect(await subscriptions.put(subscription(label), NOON)).toBe('added')
      expect(await subscriptions.put(subscription('d'), NOON)).toBe('full')
      expect(await labels(subscriptions)).toEqual(['a', 'b', 'c'])
      expect(await subscriptions.put(subscription('b', { sealed }), NOON)).toBe('updated')
      expect(await subscriptions.put(subscription('b', { signedAt: NOON_S - 1 }), NOON)).toBe('kept')
      expect(await subscriptions.put(subscription('d', { account: BOB }), NOON)).toBe('added')
      expect(await subscriptions.remove(ALICE, digestOf('a'), AT_NOON)).toBe(true)
      expect(await subscriptions.put(subscription('d'), NOON)).toBe('added')
      expect(await subscriptions.counts()).toEqual(new Map([['firebase', 4]]))
    })

    it('takes as many devices as can be asked for', async () => {
      const subscriptions = await start({ devicesPerAccount: 512 })
      const all = Array.from({ length: 513 }, (_, index) => subscription(`d${index}`))
      const outcomes = await Promise.all(all.map((one) => subscriptions.put(one, NOON)))
      expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(512)
      expect(outcomes.filter((outcome) => outcome === 'full')).toHaveLength(1)
      expect(await labels(subscriptions)).toHaveLength(512)
    })

    it('takes the place of what has expired, although nothing has swept it', async () => {
      const subscriptions = await start({ devicesPerAccount: 1 })
      await subscriptions.put(subscription('a', { signedAt: NOON_S - 10 }), NOON)
      const gone = (NOON_S - 10 + LIFETIME_S) * 1_000
      expect(await subscriptions.put(subscription('b'), gone - 1)).toBe('full')
      expect(await subscriptions.put(subscription('b'), gone)).toBe('added')
      // Of the expired one nothing is left that could be renewed.
      expect(await subscriptions.put(subscription('a'), gone)).toBe('full')
      expect(await labels(subscriptions, { now: gone })).toEqual(['b'])
    })

    it('adds anew what has expired, whatever was signed and registered before', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a', { registeredAt: NOON + 5 }), NOON)
      const gone = (NOON_S + LIFETIME_S) * 1_000
      const anew = subscription('a', { signedAt: NOON_S + 1, registeredAt: NOON + 1, sealed, service: 'apns' })
      expect(await subscriptions.put(anew, gone)).toBe('added')
      expect(await sealedTexts(subscriptions, { now: gone })).toEqual({ a: 'other' })
      expect(await subscriptions.counts()).toEqual(new Map([['apns', 1]]))
      expect(await subscriptions.removeDevice(digestOf('a'), NOON + 1)).toBe(1)
    })

    it.each<[string, Partial<Subscription>]>([
      ['account', { account: new Uint8Array(15) }],
      ['device', { device: new Uint8Array(17) }],
      ['service', { service: '' }],
      ['service', { service: 'é'.repeat(16) + 'e' }],
      ['namespaces', { namespaces: [] }],
      ['namespaces', { namespaces: [1, 0] }],
      ['signedAt', { signedAt: 0.5 }],
      ['registeredAt', { registeredAt: NaN }],
      ['sealed', { sealed: new Uint8Array(4_097) }],
    ])('refuses a wrong %s', async (member, changes) => {
      const subscriptions = await start()
      const putting = subscriptions.put(subscription('a', changes), NOON)
      await expect(putting).rejects.toMatchObject({ name: 'RangeError', message: expect.stringContaining(member) })
      expect(await subscriptions.counts()).toEqual(new Map())
    })

    it.each([
      { lifetimeS: 0 },
      { lifetimeS: 0.5 },
      { devicesPerAccount: 0 },
      { devicesPerAccount: 513 },
      { devicesPerAccount: 1.5 },
    ])('cannot be asked for with %j', async (limits) => {
      await expect(start({ ...LIMITS, ...limits })).rejects.toThrow(RangeError)
    })
  })
}
