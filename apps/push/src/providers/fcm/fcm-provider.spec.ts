import { afterEach, describe, expect, it } from '@jest/globals'
import { type Harness, notification, startHarness, vectors } from './testing.suite.ts'

let harness: Harness
afterEach(() => harness.close())

const handedOver = { kind: 'handed-over' }

describe('FcmProvider', () => {
  it('hands messages over as the vectors have them', async () => {
    harness = await startHarness()
    const messages = vectors.providers.filter(({ name }) => name.startsWith('FCM, newer'))
    for (const { json } of messages) {
      const { token, data, android } = json.message
      const sent = notification({ token, payload: data.enc_payload, isUrgent: android.priority === 'high' })
      expect(await harness.provider.send(sent)).toEqual(handedOver)
    }
    expect(harness.fake.messages.received.map(({ json }) => json)).toEqual(messages.map(({ json }) => json))
    expect(messages).toHaveLength(2)
  })

  it('speaks TLS with the login and with FCM', async () => {
    harness = await startHarness({ fake: { tls: true } })
    expect(await harness.provider.send(notification())).toEqual(handedOver)
    expect(harness.fake.endpoint).toMatch(/^https:/)
  })

  it('trusts nobody whose certificate it does not know', async () => {
    harness = await startHarness({ fake: { tls: true }, provider: { ca: '', deadlineMs: 2_000 } })
    expect(await harness.provider.send(notification())).toMatchObject({ kind: 'retry', blame: 'provider' })
    expect(harness.fake.tokens.asked).toBe(0)
  })

  it('logs in once for many notifications at once', async () => {
    harness = await startHarness()
    harness.fake.tokens.delayMs = 20
    const sent = Array.from({ length: 300 }, (_, index) =>
      harness.provider.send(notification({ token: `device-${index}` })),
    )
    expect(new Set((await Promise.all(sent)).map(({ kind }) => kind))).toEqual(new Set(['handed-over']))
    expect(harness.fake.tokens.asked).toBe(1)
    expect(new Set(harness.fake.messages.received.map(({ token }) => token)).size).toBe(300)
  })

  it('opens another connection only when all streams of the first are taken, and no more than allowed', async () => {
    harness = await startHarness({ fake: { streams: 10 }, provider: { connections: 2 } })
    await harness.provider.send(notification())
    harness.fake.messages.fault = { kind: 'slow', delayMs: 30 }
    await Promise.all(Array.from({ length: 10 }, () => harness.provider.send(notification())))
    expect(harness.fake.messages.connections).toBe(1)
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => harness.provider.send(notification())))
    expect(outcomes).toEqual(outcomes.map(() => handedOver))
    expect(harness.fake.messages.connections).toBe(2)
  })

  it('does not trust a connection that nobody has used for a minute', async () => {
    harness = await startHarness()
    await harness.provider.send(notification())
    harness.clock.now += 60_000
    await harness.provider.send(notification())
    expect(harness.fake.messages.connections).toBe(1)
    harness.clock.now += 60_001
    expect(await harness.provider.send(notification())).toEqual(handedOver)
    expect(harness.fake.messages.connections).toBe(2)
  })

  it('refuses what FCM would find too large without asking, and keeps the token', async () => {
    harness = await startHarness()
    const outcome = await harness.provider.send(notification({ payload: 'A'.repeat(4_096) }))
    expect(outcome).toMatchObject({ kind: 'refused', error: { code: 'PUSH_PROVIDER_REFUSED' } })
    expect(harness.fake.messages.requests).toBe(0)
  })

  it('tells a dead token from a living one', async () => {
    harness = await startHarness()
    harness.fake.messages.tokenFaults.set('dead', { kind: 'error', status: 404, reason: 'UNREGISTERED' })
    const outcomes = await Promise.all(['dead', 'alive'].map((token) => harness.provider.send(notification({ token }))))
    expect(outcomes).toEqual([{ kind: 'token-dead' }, handedOver])
  })

  it('waits as long as Retry-After asks', async () => {
    harness = await startHarness()
    harness.fake.messages.fault = { kind: 'error', status: 429, reason: 'QUOTA_EXCEEDED', retryAfter: '120' }
    expect(await harness.provider.send(notification())).toMatchObject({
      kind: 'retry',
      blame: 'provider',
      afterMs: 120_000,
      error: { code: 'PUSH_PROVIDER_FAILED', status: 429 },
    })
  })

  it('names neither token nor payload in an error', async () => {
    harness = await startHarness()
    const sent = notification({ token: 'S3CRETtoken', payload: 'S3CRETpayload' })
    harness.fake.messages.fault = { kind: 'page', status: 502, body: '<html>S3CRETtoken S3CRETpayload</html>' }
    const outcome = await harness.provider.send(sent)
    expect(outcome).toMatchObject({ kind: 'retry', blame: 'provider' })
    if (outcome.kind === 'retry') expect(outcome.error.message).not.toContain('S3CRET')
  })

  it('answers after its close instead of hanging', async () => {
    harness = await startHarness()
    harness.fake.messages.fault = { kind: 'hang' }
    await harness.provider.send({ ...notification(), payload: 'A'.repeat(4_096) })
    const underWay = Array.from({ length: 5 }, () => harness.provider.send(notification()))
    while (harness.fake.messages.requests < 5) await new Promise((resolve) => setImmediate(resolve))
    await harness.provider.close()
    const outcomes = await Promise.all([...underWay, harness.provider.send(notification())])
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(outcomes.map(() => 'retry'))
  })
})
