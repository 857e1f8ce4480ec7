import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_ATTEMPTS, retryAfter, retryDelay } from './retry-table.ts'

const vectors = JSON.parse(readFileSync('test/vectors/push.json', 'utf8')) as { retry_base_delays_s: number[] }

describe('retryDelay', () => {
  it('waits the base delays of the vectors, one before each attempt but the first', () => {
    const delays = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => retryDelay(index + 1, undefined, () => 0.5))
    expect(delays).toEqual(vectors.retry_base_delays_s.map((seconds) => seconds * 1_000))
  })

  it('keeps between three and five quarters of the base delay', () => {
    const middle = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), middle, (failures, random) => {
        const base = 1_000 * 2 ** (failures - 1)
        const delay = retryDelay(failures, undefined, () => random)
        expect(delay).toBeGreaterThanOrEqual(base * 0.75)
        expect(delay).toBeLessThanOrEqual(base * 1.25)
        expect(Number.isInteger(delay)).toBe(true)
      }),
    )
  })

  it.each([
    [999, 1_000],
    [1_000, 1_000],
    [1_001, 1_001],
    [60_000, 60_000],
    [3_599_999, 3_599_999],
    [3_600_000, 3_600_000],
    [3_600_001, 3_600_000],
  ])('with a Retry-After of %i ms waits %i ms for the first time', (afterMs, expected) => {
    expect(retryDelay(1, afterMs, () => 0.5)).toBe(expected)
  })
})

describe('retryAfter', () => {
  it.each([
    [undefined, 0],
    [-1, 0],
    [0, 0],
    [1, 1],
    [Infinity, 3_600_000],
  ])('makes of %s ms %i ms', (afterMs, expected) => {
    expect(retryAfter(afterMs)).toBe(expected)
  })
})
