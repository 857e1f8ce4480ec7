import { describe, expect, it } from '@jest/globals'
import { abbreviated, atTime, fromNow, inBytes, inSeconds } from './words.ts'

describe('numbers in words', () => {
  it('counts bytes', () => {
    expect([0, 1, 10_000_000].map(inBytes)).toEqual(['0 bytes', '1 byte', '10,000,000 bytes'])
  })

  it('measures durations', () => {
    expect([0, 999, 1_000, 12_345].map(inSeconds)).toEqual(['0 ms', '999 ms', '1.0 s', '12.3 s'])
  })

  it('names instants, also impossible ones', () => {
    expect(atTime(1_750_000_000.5)).toBe('2025-06-15 15:06 UTC')
    expect(atTime(1e300)).toBe('unknown')
  })

  it.each([
    [30, 'in less than a minute'],
    [-30, 'just now'],
    [60, 'in 1 minute'],
    [7_200, 'in 2 hours'],
    [86_400 * 14, 'in 14 days'],
    [-3_600, '1 hour ago'],
  ])('tells how far %i seconds are', (seconds, words) => {
    expect(fromNow(1_750_000_000 + seconds, 1_750_000_000_000)).toBe(words)
  })

  it('shortens keys', () => {
    expect(abbreviated('0123456789abcdef')).toBe('01234567…')
  })
})
