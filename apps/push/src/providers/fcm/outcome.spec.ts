import { describe, expect, it } from '@jest/globals'
import { errorBody } from '../../../../../test/support/fakes/fcm/error-bodies.ts'
import { outcomeOf } from './outcome.ts'
import { vectors } from './testing.suite.ts'

const NOW = Date.UTC(2026, 10, 25)

function outcome(status: number, body: string, retryAfter?: string): ReturnType<typeof outcomeOf> {
  return outcomeOf({ status, body, retryAfter }, NOW)
}

function invalidFields(...fields: string[]): object {
  const fieldViolations = fields.map((field) => ({ field, description: 'invalid' }))
  return { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }
}

function projectTrouble(reason: string): object {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }
}

describe('outcomeOf', () => {
  const replies = vectors.provider_replies.filter(({ provider }) => provider === 'fcm')

  it('has the vectors of seven replies', () => {
    expect(replies).toHaveLength(7)
  })

  it.each(replies)(
    'answers status $status, $reason with $action',
    ({ status, reason, action, min_delay_s: seconds }) => {
      const result = outcome(status, status === 200 ? '' : errorBody(status, reason ?? undefined))
      expect(result.kind).toBe({ ok: 'handed-over', drop: 'token-dead', retry: 'retry' }[action])
      if (seconds !== undefined) expect(result).toMatchObject({ afterMs: seconds * 1_000 })
    },
  )

  it.each([401, 429, 500, 502, 503])('blames the provider for status %d', (status) => {
    expect(outcome(status, errorBody(status))).toMatchObject({ kind: 'retry', blame: 'provider' })
  })

  it.each([100, 204, 302, 400, 402, 405, 418])(
    'blames the notification for status %d without a known reason',
    (status) => {
      expect(outcome(status, errorBody(status))).toMatchObject({ kind: 'retry', blame: 'notification' })
    },
  )

  it.each([
    [undefined, 60_000],
    ['5', 60_000],
    ['300', 300_000],
    ['Wed, 25 Nov 2026 00:10:00 GMT', 600_000],
    ['nonsense', 60_000],
  ])('waits after a 429 with Retry-After %j for %d ms', (header, afterMs) => {
    expect(outcome(429, errorBody(429, 'QUOTA_EXCEEDED'), header)).toMatchObject({ kind: 'retry', afterMs })
  })

  it('waits as a 503 asks, and as the queue likes when it asks nothing', () => {
    expect(outcome(503, '', '7')).toMatchObject({ kind: 'retry', afterMs: 7_000 })
    expect(outcome(503, '')).not.toHaveProperty('afterMs')
  })

  it('calls a token dead that FCM names among the invalid fields', () => {
    const body = errorBody(400, 'INVALID_ARGUMENT', [invalidFields('message.data', 'message.token')])
    expect(outcome(400, body)).toEqual({ kind: 'token-dead' })
  })

  it('gives up a notification, and not the token, when FCM names other fields only', () => {
    const body = errorBody(400, 'INVALID_ARGUMENT', [invalidFields('message.data[0].value')])
    expect(outcome(400, body)).toMatchObject({ kind: 'refused', error: { code: 'PUSH_PROVIDER_REFUSED' } })
  })

  it('gives up what is too large', () => {
    expect(outcome(413, '<html>')).toMatchObject({ kind: 'refused', error: { code: 'PUSH_PROVIDER_REFUSED' } })
  })

  it.each([403, 404])('calls a token dead for any %d of FCM', (status) => {
    expect(outcome(status, errorBody(status))).toEqual({ kind: 'token-dead' })
    expect(outcome(status, errorBody(status, 'SOMETHING_NEW'))).toEqual({ kind: 'token-dead' })
  })

  it.each([403, 404])('keeps every token when a %d is not of FCM, or of the project', (status) => {
    const expected = { kind: 'retry', blame: 'provider' }
    expect(outcome(status, '<html>not here</html>')).toMatchObject(expected)
    expect(outcome(status, '')).toMatchObject(expected)
    expect(outcome(status, '{"message":"denied by proxy"}')).toMatchObject(expected)
    expect(outcome(status, errorBody(status, undefined, [projectTrouble('SERVICE_DISABLED')]))).toMatchObject({
      ...expected,
      error: { code: 'PUSH_PROVIDER_LOGIN_FAILED' },
    })
  })

  it('believes FCM about a token also when Google says more', () => {
    const body = errorBody(403, 'SENDER_ID_MISMATCH', [projectTrouble('SENDER_ID_MISMATCH')])
    expect(outcome(403, body)).toEqual({ kind: 'token-dead' })
  })
})
