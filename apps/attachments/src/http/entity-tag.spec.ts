import { describe, expect, it } from '@jest/globals'
import { matchesAny, matchesStrongly } from './entity-tag.ts'

describe('matchesAny', () => {
  it.each(['"a"', 'W/"a"', '"b", "a"', ' "b" ,W/"a" ', '*'])('finds "a" in %s', (header) => {
    expect(matchesAny(header, '"a"')).toBe(true)
  })

  it.each(['"b"', 'a', '', '"a b"'])('does not find "a" in %s', (header) => {
    expect(matchesAny(header, '"a"')).toBe(false)
  })
})

describe('matchesStrongly', () => {
  it('takes the same strong tag only', () => {
    expect(matchesStrongly('"a"', '"a"')).toBe(true)
    expect(matchesStrongly('W/"a"', '"a"')).toBe(false)
    expect(matchesStrongly('Sun, 15 Jun 2025 15:06:40 GMT', '"a"')).toBe(false)
  })
})
