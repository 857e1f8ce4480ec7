import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { type ApnsFake, startApnsFake } from '../../../../../test/support/fakes/apns/index.ts'
import { ProviderCredentialsError, ProviderLoginError } from '../errors.ts'
import { APNS_ENDPOINTS } from './apns-options.ts'
import { type ApnsProvider, createApnsProvider } from './apns-provider.ts'
import { notification, providerFor } from './testing.suite.ts'

interface ProviderCase {
  readonly name: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly json: { readonly enc_payload: string }
}

const vectors = JSON.parse(readFileSync('test/vectors/push.json', 'utf8')) as { now: number; providers: ProviderCase[] }
const newer = vectors.providers.filter(({ name }) => /^APNs.* newer$/.test(name))
const MINUTE = 60_000

describe('createApnsProvider', () => {
  let now: number
  let fake: ApnsFake
  let provider: ApnsProvider
  beforeEach(async () => {
    now = vectors.now * 1000
    fake = await startApnsFake({ now: () => now })
    provider = providerFor(fake, { now: () => now })
  })
  afterEach(async () => {
    await provider.close()
    await fake.close()
  })
  const providerTokens = (): number => new Set(fake.requests.map(({ headers }) => headers.authorization)).size

  it('finds both cases of the newer generation', () => {
    expect(newer.map(({ name }) => name)).toEqual(['APNs, newer', 'APNs sandbox, newer'])
  })

  it.each(newer)('sends what the vector "$name" says', async ({ name, method, url, headers, json }) => {
    const { origin, pathname } = new URL(url)
    expect(origin).toBe(name.includes('sandbox') ? APNS_ENDPOINTS['apns-sandbox'] : APNS_ENDPOINTS.apns)
    const token = pathname.slice('/3/device/'.length)
    const expiresAt = now + 14 * 86_400_000
    const outcome = await provider.send({ ...notification(), token, payload: json.enc_payload, expiresAt })
    expect(outcome).toEqual({ kind: 'handed-over' })
    const [request] = fake.requests
    // Without the symbol under which Node names what it keeps out of compression.
    expect(Object.fromEntries(Object.entries(request?.headers ?? {}))).toEqual({
      ...headers,
      ':method': method,
      ':path': pathname,
      ':scheme': 'https',
      ':authority': new URL(fake.access.endpoint).host,
      authorization: expect.stringMatching(/^bearer [\w-]+\.[\w-]+\.[\w-]+$/),
      'apns-topic': 'com.loki-project.loki-messenger',
      'content-type': 'application/json; charset=UTF-8',
      'user-agent': 'sotto',
    })
    expect(JSON.parse(request?.body ?? '')).toEqual(json)
  })

  it('lets APNs keep a notification no longer than it is wanted', async () => {
    await provider.send({ ...notification(), expiresAt: now + 90_999 })
    expect(fake.requests[0]?.headers['apns-expiration']).toBe(String(vectors.now + 90))
  })

  it('sends to another topic if it is told', async () => {
    const other = providerFor(fake, { topic: 'org.example.app', now: () => now })
    const outcome = await other.send(notification())
    await other.close()
    expect(fake.requests[0]?.headers['apns-topic']).toBe('org.example.app')
    expect(outcome).toMatchObject({ kind: 'retry', blame: 'notification' })
  })

  it('keeps its form for a token that is none', async () => {
    const outcome = await provider.send({ ...notification(), token: '../x?y\r\nz' })
    expect(fake.requests[0]?.headers[':path']).toBe('/3/device/..%2Fx%3Fy%0D%0Az')
    expect(outcome).toEqual({ kind: 'token-dead' })
  })

  it('has its payloads accepted up to the longest that push §6 gives', async () => {
    const outcome = await provider.send({ ...notification(), payload: 'A'.repeat(3808) })
    expect(outcome).toEqual({ kind: 'handed-over' })
    expect(await provider.send({ ...notification(), payload: 'A'.repeat(4000) })).toMatchObject({ kind: 'refused' })
  })

  it('uses one provider token for 50 minutes', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, number) => provider.send(notification(number))))
    now += 50 * MINUTE - 1
    await provider.send(notification())
    expect(providerTokens()).toBe(1)
    now += 1
    await provider.send(notification())
    expect(providerTokens()).toBe(2)
  })

  it.each(['ExpiredProviderToken', 'InvalidProviderToken'])('tries again at once after %s', async (reason) => {
    await provider.send(notification(0))
    now += 1000
    fake.answerNext({ status: 403, reason })
    expect(await provider.send(notification(1))).toEqual({ kind: 'handed-over' })
    expect(fake.looked).toBe(3)
    expect(providerTokens()).toBe(2)
  })

  it('does so once and not for 20 minutes after that', async () => {
    fake.answer = () => ({ status: 403, reason: 'InvalidProviderToken' })
    const outcome = await provider.send(notification(0))
    expect(outcome).toMatchObject({ kind: 'retry', blame: 'provider' })
    expect(outcome.kind === 'retry' && outcome.error).toBeInstanceOf(ProviderLoginError)
    expect(fake.looked).toBe(2)
    await provider.send(notification(1))
    expect(fake.looked).toBe(3)
    now += 20 * MINUTE
    await provider.send(notification(2))
    expect(fake.looked).toBe(5)
    expect(providerTokens()).toBe(3)
  })

  it('makes one new provider token for many requests that are turned away together', async () => {
    await provider.send(notification(0))
    now += 1000
    fake.answerNext(...Array.from({ length: 50 }, () => ({ status: 403, reason: 'ExpiredProviderToken' })))
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, number) => provider.send(notification(number))))
    expect(outcomes.every(({ kind }) => kind === 'handed-over')).toBe(true)
    expect(fake.looked).toBe(101)
    expect(providerTokens()).toBe(2)
  })

  it('is not made without a key', () => {
    const { endpoint, keyId, teamId } = fake.access
    const options = { endpoint, keyId, teamId, now: Date.now, keyFile: '/nonexistent/key.p8' }
    expect(() => createApnsProvider(options)).toThrow(ProviderCredentialsError)
  })
})
