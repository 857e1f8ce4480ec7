import { describe, expect, it } from '@jest/globals'
import { outcomeOf } from './outcome.ts'

const NOW = 1_750_000_000_000

describe('outcomeOf', () => {
  it.each([200, 201, 202, 204])('takes %i for handed over', (status) => {
    expect(outcomeOf(status, undefined, NOW)).toEqual({ kind: 'handed-over' })
  })

  it.each([404, 410])('takes %i for a dead token', (status) => {
    expect(outcomeOf(status, undefined, NOW)).toEqual({ kind: 'token-dead' })
  })

  it.each([400, 413])('takes %i for refused', (status) => {
    expect(outcomeOf(status, '5', NOW)).toMatchObject({ kind: 'refused', error: { code: 'PUSH_PROVIDER_REFUSED' } })
  })

  it.each([301, 307, 401, 403, 405, 408, 418, 500, 502, 503, 504])(
    'tries again after %i and blames nobody but the endpoint',
    (status) => {
      const outcome = outcomeOf(status, undefined, NOW)
      expect(outcome).toMatchObject({ kind: 'retry', blame: 'notification', error: { status } })
      expect(outcome).not.toHaveProperty('afterMs')
    },
  )

  it.each([
    [429, undefined, 60_000],
    [429, '59', 60_000],
    [429, '60', 60_000],
    [429, '61', 61_000],
    [429, 'soon', 60_000],
    [503, '5', 5_000],
    [503, new Date(NOW + 7_000).toUTCString(), 7_000],
  ])('waits after %i with Retry-After %s for %i ms', (status, retryAfter, afterMs) => {
    expect(outcomeOf(status, retryAfter, NOW)).toMatchObject({ kind: 'retry', blame: 'notification', afterMs })
  })
})
