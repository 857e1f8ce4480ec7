import { describe, expect, it } from '@jest/globals'
import { RENEWAL_INTERVAL_MS, renewalDueAt } from './renewal.ts'

const NOW = 1_750_000_000_000
const last = { subscribedAt: NOW - 1_000, device: 'firebase:a' }

describe('renewalDueAt', () => {
  it('is a day after the last subscription', () => {
    expect(renewalDueAt(last, 'firebase:a', NOW)).toBe(last.subscribedAt + RENEWAL_INTERVAL_MS)
  })

  it.each([
    ['for the first time', undefined, 'firebase:a'],
    ['with another token', last, 'firebase:b'],
    ['when the clock was set back', { ...last, subscribedAt: NOW + 1 }, 'firebase:a'],
    ['when the interval is over', { ...last, subscribedAt: NOW - 2 * RENEWAL_INTERVAL_MS }, 'firebase:a'],
  ])('is now %s', (_when, known, device) => {
    expect(renewalDueAt(known, device, NOW)).toBe(NOW)
  })
})
