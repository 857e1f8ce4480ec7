import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { assignSwarmIds, NO_SWARM } from '../../nodes/swarm-ids.ts'
import { SwarmMap } from './swarm-map.ts'

const swarmOf = (key: Uint8Array, ids: Iterable<bigint>): bigint | undefined => new SwarmMap(ids).swarmOf(key)

/** A key whose position on the ring is `position`: the other three words are zero. */
function keyAt(position: bigint): Uint8Array {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setBigUint64(0, position)
  return key
}

const TOP = 2n ** 64n

describe('SwarmMap', () => {
  it.each([
    [100n, 100n],
    [149n, 100n],
    [150n, 100n],
    [151n, 200n],
  ])('takes the nearer of the swarms 100 and 200 for position %d', (position, swarm) => {
    expect(swarmOf(keyAt(position), [100n, 200n])).toBe(swarm)
  })

  it('goes around the ring in both directions', () => {
    expect(swarmOf(keyAt(0n), [100n, TOP - 101n])).toBe(100n)
    expect(swarmOf(keyAt(TOP - 1n), [100n, TOP - 101n])).toBe(TOP - 101n)
  })

  it('takes the swarm below for a tie across zero', () => {
    expect(swarmOf(keyAt(0n), [100n, TOP - 100n])).toBe(TOP - 100n)
  })

  it('combines all four words of the key', () => {
    const key = Buffer.from('eb26dc3c727e36fa303d45bc749e0943c75718fe0ca0fd567e16911e0258d932', 'hex')
    const position = 0x625a106008181bddn
    expect(swarmOf(key, [position - 10n, position + 9n])).toBe(position + 9n)
    expect(swarmOf(key, [position - 9n, position + 10n])).toBe(position - 9n)
  })

  it('has no answer without a swarm', () => {
    expect(swarmOf(keyAt(5n), [])).toBeUndefined()
    expect(swarmOf(keyAt(5n), [NO_SWARM])).toBeUndefined()
  })

  it('gives each of the assigned swarms a fair part of the accounts', () => {
    const ids = assignSwarmIds(12, 3)
    const counts = new Map<bigint, number>()
    for (let i = 0; i < 400; i++) {
      const position = (TOP / 400n) * BigInt(i)
      const swarm = swarmOf(keyAt(position), new Set(ids))
      if (swarm !== undefined) counts.set(swarm, (counts.get(swarm) ?? 0) + 1)
    }
    expect([...counts.values()].sort()).toEqual([100, 100, 100, 100])
  })

  it('is a swarm from which no other is nearer', () => {
    const id = fc.bigInt({ min: 0n, max: TOP - 2n })
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 8 }), id, (ids, position) => {
        const distance = (a: bigint, b: bigint): bigint => {
          const direct = (a - b + TOP) % TOP
          return direct < TOP - direct ? direct : TOP - direct
        }
        const chosen = swarmOf(keyAt(position), ids) as bigint
        expect(ids.every((other) => distance(other, position) >= distance(chosen, position))).toBe(true)
      }),
    )
  })
})
