import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { ProviderFailedError, ProviderLoginError, ProviderRefusedError } from '../errors.ts'
import type { SendOutcome } from '../provider.ts'
import { outcomeOf, rejectsProviderToken } from './apns-reply.ts'

interface ReplyCase {
  readonly provider: string
  readonly status: number
  readonly reason: string | null
  readonly action: 'ok' | 'drop' | 'retry'
  readonly min_delay_s?: number
}

const vectors = JSON.parse(readFileSync('test/vectors/push.json', 'utf8')) as { provider_replies: ReplyCase[] }
const replies = vectors.provider_replies.filter(({ provider }) => provider === 'apns')
const KINDS = { ok: 'handed-over', drop: 'token-dead', retry: 'retry' } as const
const NOW = 1_750_000_000_000

function outcome(status: number, body: object | string = '', retryAfter?: string): SendOutcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return outcomeOf({ status, body: text, ...(retryAfter === undefined ? {} : { retryAfter }) }, NOW)
}

describe('outcomeOf', () => {
  it('finds all cases for APNs', () => expect(replies).toHaveLength(7))

  it.each(replies)('takes $status $reason as $action', ({ status, reason, action, min_delay_s }) => {
    const result = outcome(status, reason === null ? '' : { reason })
    expect(result.kind).toBe(KINDS[action])
    if (min_delay_s !== undefined) expect(result).toMatchObject({ afterMs: min_delay_s * 1000 })
  })

  it('says since when a token is dead if APNs does', () => {
    const timestamp = NOW - 86_400_000
    expect(outcome(410, { reason: 'Unregistered', timestamp })).toEqual({ kind: 'token-dead', since: timestamp })
    expect(outcome(410, { reason: 'ExpiredToken' })).toEqual({ kind: 'token-dead' })
    expect(outcome(410, { reason: 'Unregistered', timestamp: 'today' })).toEqual({ kind: 'token-dead' })
    expect(outcome(410, 'gone')).toEqual({ kind: 'token-dead' })
  })

  it('does not take a time that is still to come', () => {
    expect(outcome(410, { timestamp: NOW + 5000 })).toEqual({ kind: 'token-dead', since: NOW })
  })

  it('gives up what is too large', () => {
    const result = outcome(413, { reason: 'PayloadTooLarge' })
    expect(result).toMatchObject({ kind: 'refused', error: { status: 413 } })
    expect(result.kind === 'refused' && result.error).toBeInstanceOf(ProviderRefusedError)
  })

  it.each([
    [403, 'ExpiredProviderToken', 'provider'],
    [403, 'Forbidden', 'provider'],
    [429, 'TooManyRequests', 'notification'],
    [429, 'TooManyProviderTokenUpdates', 'provider'],
    [500, 'InternalServerError', 'provider'],
    [503, 'ServiceUnavailable', 'provider'],
    [503, 'Shutdown', 'provider'],
    [400, 'BadTopic', 'notification'],
    [404, 'BadPath', 'notification'],
    [405, 'MethodNotAllowed', 'notification'],
  ])('blames for %i %s the %s', (status, reason, blame) => {
    expect(outcome(status, { reason })).toMatchObject({ kind: 'retry', blame })
  })

  it('waits as long as Retry-After says, after a 429 never less than a minute', () => {
    expect(outcome(429, { reason: 'TooManyRequests' }, '300')).toMatchObject({ afterMs: 300_000 })
    expect(outcome(429, { reason: 'TooManyRequests' }, '5')).toMatchObject({ afterMs: 60_000 })
    expect(outcome(503, { reason: 'Shutdown' }, '5')).toMatchObject({ afterMs: 5000 })
    expect(outcome(503, { reason: 'Shutdown' })).not.toHaveProperty('afterMs')
  })

  it.each(['', '{', 'null', '[]', '<html>', '{"reason":7}'])('lives with the body %j', (body) => {
    for (const [status, error] of [
      [400, ProviderFailedError],
      [403, ProviderLoginError],
      [500, ProviderFailedError],
    ] as const) {
      const result = outcome(status, body)
      expect(result.kind === 'retry' && result.error).toBeInstanceOf(error)
    }
  })

  it('lets no free text of the reply into a message', () => {
    const token = '1890497c2b5a4db77dee509fde9aea5b92ee0f94438308c8c0891219984f8ad5'
    for (const status of [400, 403, 404, 413, 429, 500]) {
      expect(JSON.stringify(outcome(status, { reason: `no device ${token}` }), ['message', 'error'])).not.toContain(
        token.slice(0, 8),
      )
      const result = outcome(status, { reason: `no device ${token}` })
      expect('error' in result && result.error.message).not.toContain(token.slice(0, 8))
    }
  })
})

describe('rejectsProviderToken', () => {
  it.each([
    [403, 'ExpiredProviderToken', true],
    [403, 'InvalidProviderToken', true],
    [403, 'MissingProviderToken', false],
    [429, 'ExpiredProviderToken', false],
    [200, '', false],
  ])('is for %i %s %s', (status, reason, rejects) => {
    expect(rejectsProviderToken({ status, body: JSON.stringify({ reason }) })).toBe(rejects)
  })
})
