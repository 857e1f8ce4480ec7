import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fakeEnvironment, fakeNodes } from '../node/fakes/environment.suite.ts'
import { pickNodes } from './pick-nodes.ts'
import { subnetOf } from './subnet.ts'

const pool = fakeNodes(12, (index) => `10.0.${Math.floor(index / 2)}.${index + 1}`)

describe('pickNodes', () => {
  it('picks distinct nodes apart from those taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(9), (seed, count) => {
        const taken = pool.slice(0, 3)
        const picked = pickNodes(fakeEnvironment(seed).random, pool, count, { taken, distinctSubnets: false }) ?? []
        expect(picked).toHaveLength(count)
        expect(new Set([...taken, ...picked]).size).toBe(count + 3)
      }),
    )
  })

  it('keeps every node in a /24 of its own when asked to', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const taken = pool.slice(0, 1)
        const picked = pickNodes(fakeEnvironment(seed).random, pool, 5, { taken, distinctSubnets: true }) ?? []
        expect(new Set([...taken, ...picked].map((node) => subnetOf(node.host))).size).toBe(6)
      }),
    )
    expect(pickNodes(fakeEnvironment().random, pool, 7, { taken: [], distinctSubnets: true })).toBeUndefined()
  })

  it('has no answer when there are too few', () => {
    expect(pickNodes(fakeEnvironment().random, pool, 13, { taken: [], distinctSubnets: false })).toBeUndefined()
  })

  it('reaches every node of the pool', () => {
    const { random } = fakeEnvironment(7)
    const first = (): string | undefined =>
      pickNodes(random, pool, 1, { taken: [], distinctSubnets: false })?.[0]?.ed25519
    expect(new Set(Array.from({ length: 400 }, first)).size).toBe(pool.length)
  })
})

describe('subnetOf', () => {
  it('is the text before the last dot of an IPv4 address, and any other address itself', () => {
    expect(subnetOf('192.0.2.17')).toBe('192.0.2')
    expect(subnetOf('2001:db8::1')).toBe('2001:db8::1')
    expect(subnetOf('node.example.org')).toBe('node.example.org')
  })
})
