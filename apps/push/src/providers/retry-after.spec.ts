import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseRetryAfter } from './retry-after.ts'

const NOW = Date.UTC(2026, 10, 25, 12, 0, 0)

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['1', 1_000],
    [' 120 ', 120_000],
    ['Wed, 25 Nov 2026 12:01:30 GMT', 90_000],
    ['Wednesday, 25-Nov-26 12:01:30 GMT', 90_000],
    ['Wed, 25 Nov 2026 11:00:00 GMT', 0],
    ['99999999999999999999', 86_400_000],
    ['Fri, 25 Nov 2050 12:00:00 GMT', 86_400_000],
  ])('reads %j', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected)
  })

  it.each([
    undefined,
    '',
    ' ',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    '2026-11-25',
    'Wed, nonsense',
    'Wed, nonsense GMT',
    'Wed, 25 Nov 2026 12:01:30',
    '12 s',
  ])('takes %j for none', (header) => {
    expect(parseRetryAfter(header, NOW)).toBeUndefined()
  })

  it('never answers with less than nothing, more than a day, or no number, whatever the header', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 2 ** 45 }), (header, now) => {
        const delay = parseRetryAfter(header, now)
        expect(delay === undefined || (delay >= 0 && delay <= 86_400_000)).toBe(true)
      }),
    )
  })

  it('gives back every number of seconds and every date of the coming day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400 }), (seconds) => {
        expect(parseRetryAfter(String(seconds), NOW)).toBe(seconds * 1_000)
        expect(parseRetryAfter(new Date(NOW + seconds * 1_000).toUTCString(), NOW)).toBe(seconds * 1_000)
      }),
    )
  })
})
