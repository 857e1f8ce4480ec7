import { describe, expect, it } from '@jest/globals'
import { BOB, labels, LIFETIME_S, NOON, NOON_S, type StartSubscriptions, subscription } from './samples.suite.ts'

const range = (from: number, length: number, step = 1): number[] =>
  Array.from({ length }, (_, index) => from + index * step)

export function describeMatching(start: StartSubscriptions): void {
  describe('matching', () => {
    it('finds nothing for an account without a subscription', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a'), NOON)
      expect(await subscriptions.matching(BOB, 0, NOON)).toEqual([])
    })

    it('finds those whose namespaces contain the namespace', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a', { namespaces: [-32_768, 0, 32_767] }), NOON)
      await subscriptions.put(subscription('b', { namespaces: [-1, 0, 1] }), NOON)
      const found = async (namespace: number): Promise<string> => (await labels(subscriptions, { namespace })).join('')
      expect(await found(0)).toBe('ab')
      for (const namespace of [-32_768, 32_767]) expect(await found(namespace)).toBe('a')
      for (const namespace of [-1, 1]) expect(await found(namespace)).toBe('b')
      for (const namespace of [-32_767, -2, 2, 256, 32_766]) expect(await found(namespace)).toBe('')
    })

    it('knows many namespaces, and all', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('list', { namespaces: range(-4_094, 4_095, 2) }), NOON)
      await subscriptions.put(subscription('map', { namespaces: range(-4_094, 4_096, 2) }), NOON)
      await subscriptions.put(subscription('all', { namespaces: range(-32_768, 65_536) }), NOON)
      expect(await labels(subscriptions, { namespace: 4_094 })).toEqual(['all', 'list', 'map'])
      expect(await labels(subscriptions, { namespace: 4_096 })).toEqual(['all', 'map'])
      expect(await labels(subscriptions, { namespace: 4_095 })).toEqual(['all'])
      expect(await labels(subscriptions, { namespace: 32_767 })).toEqual(['all'])
    })

    it('finds a subscription until its lifetime is over', async () => {
      const subscriptions = await start()
      await subscriptions.put(subscription('a', { signedAt: NOON_S - 100 }), NOON)
      const gone = (NOON_S - 100 + LIFETIME_S) * 1_000
      expect(await labels(subscriptions, { now: gone - 1 })).toEqual(['a'])
      expect(await labels(subscriptions, { now: gone })).toEqual([])
      expect(await labels(subscriptions, { now: gone + 1 })).toEqual([])
    })
  })
}
