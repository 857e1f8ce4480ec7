import { describe, expect, it } from '@jest/globals'
import { createPooledRandom } from './pooled-random.ts'

/** A source whose pools hold 1, 2, 3 …, so that a byte that is handed out twice shows. */
function counting(): { fill: (pool: Uint8Array) => void; pools: Uint8Array[] } {
  const pools: Uint8Array[] = []
  const fill = (pool: Uint8Array): void => {
    pool.forEach((_, index) => (pool[index] = 1 + ((pools.length * 31 + index) % 255)))
    pools.push(pool)
  }
  return { fill, pools }
}

describe('createPooledRandom', () => {
  it('hands out every byte once and erases it', () => {
    const { fill, pools } = counting()
    const random = createPooledRandom(fill)
    const given = [24, 32, 64, 0, 1, 24].flatMap((length) => [...random(length)])
    expect(given).toEqual(Array.from({ length: 145 }, (_, index) => 1 + (index % 255)))
    expect(pools).toHaveLength(1)
    expect(pools[0]?.subarray(0, 145).every((byte) => byte === 0)).toBe(true)
    expect(pools[0]?.[145]).not.toBe(0)
  })

  it('draws anew when what is left is too short, and leaves the rest unused', () => {
    const { fill, pools } = counting()
    const random = createPooledRandom(fill)
    for (let i = 0; i < 170; i++) random(24)
    expect(pools).toHaveLength(1)
    expect([...random(24)]).toEqual(Array.from({ length: 24 }, (_, index) => 32 + index))
    expect(pools).toHaveLength(2)
  })

  it('gives bytes that nobody else sees', () => {
    const random = createPooledRandom()
    const [first, second] = [random(32), random(32)]
    expect(first.buffer).not.toBe(second.buffer)
    expect(first).not.toEqual(second)
  })

  it.each([65, 4_096, 100_000])('draws %i bytes by themselves', (length) => {
    const { fill, pools } = counting()
    expect(createPooledRandom(fill)(length)).toHaveLength(length)
    expect(pools).toHaveLength(0)
  })

  it.each([-1, NaN, 2 ** 40])('refuses %d', (length) => {
    expect(() => createPooledRandom()(length)).toThrow(/out of range/)
  })
})
