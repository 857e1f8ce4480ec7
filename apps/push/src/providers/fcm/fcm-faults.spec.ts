import { afterEach, describe, expect, it } from '@jest/globals'
import { type FcmFault, startFcmFake } from '../../../../../test/support/fakes/fcm/index.ts'
import { type Harness, notification, startHarness } from './testing.suite.ts'

let harness: Harness
afterEach(() => harness.close())

const handedOver = { kind: 'handed-over' }
const unreachable = { kind: 'retry', blame: 'provider', error: { code: 'PUSH_PROVIDER_UNREACHABLE' } }
const timedOut = { kind: 'retry', blame: 'provider', error: { code: 'PUSH_PROVIDER_TIMEOUT' } }

describe('FcmProvider with a faulty FCM', () => {
  const broken: readonly FcmFault[] = [{ kind: 'reset' }, { kind: 'reset', afterHeaders: true }, { kind: 'disconnect' }]
  it.each(broken)('tries later after $kind, and gets through once it is over', async (fault) => {
    harness = await startHarness()
    harness.fake.messages.fault = fault
    expect(await harness.provider.send(notification())).toMatchObject(unreachable)
    harness.fake.messages.fault = undefined
    expect(await harness.provider.send(notification())).toEqual(handedOver)
    expect(harness.fake.messages.requests).toBe(2)
  })

  it('repeats at once what the server has not looked at, over the same connection', async () => {
    harness = await startHarness()
    harness.fake.messages.nextFaults.push({ kind: 'refuse-stream' })
    expect(await harness.provider.send(notification())).toEqual(handedOver)
    expect([harness.fake.messages.requests, harness.fake.messages.taken]).toEqual([2, 1])
  })

  it('repeats at once over a new connection what a GOAWAY left out', async () => {
    harness = await startHarness()
    harness.fake.messages.nextFaults.push({ kind: 'goaway', takes: false })
    expect(await harness.provider.send(notification())).toEqual(handedOver)
    expect([harness.fake.messages.taken, harness.fake.messages.connections]).toEqual([1, 2])
  })

  it('does not repeat for ever what the server never looks at', async () => {
    harness = await startHarness()
    harness.fake.messages.fault = { kind: 'refuse-stream' }
    expect(await harness.provider.send(notification())).toMatchObject(unreachable)
    expect(harness.fake.messages.requests).toBe(3)
  })

  it('loses nothing while connections are drained by GOAWAY in the middle of many', async () => {
    harness = await startHarness()
    await harness.provider.send(notification())
    let left = 500
    const outcomes: unknown[] = []
    const lane = async (): Promise<void> => {
      while (left-- > 0) {
        if (left % 100 === 0) harness.fake.messages.nextFaults.push({ kind: 'goaway', takes: left % 200 === 0 })
        outcomes.push(await harness.provider.send(notification({ token: `device-${left}` })))
      }
    }
    await Promise.all(Array.from({ length: 50 }, lane))
    expect(outcomes).toEqual(Array.from({ length: 500 }, () => handedOver))
    expect(harness.fake.messages.taken).toBe(501)
    expect(harness.fake.messages.connections).toBeGreaterThanOrEqual(3)
  })

  it('gives up waiting at the deadline and drops a connection that says nothing', async () => {
    harness = await startHarness({ provider: { deadlineMs: 200 } })
    harness.fake.messages.nextFaults.push({ kind: 'hang' })
    expect(await harness.provider.send(notification())).toMatchObject(timedOut)
    expect(await harness.provider.send(notification())).toEqual(handedOver)
    expect(harness.fake.messages.connections).toBe(2)
  })

  it('keeps a connection on which others are answered while one is not', async () => {
    harness = await startHarness({ provider: { deadlineMs: 300 } })
    await harness.provider.send(notification())
    harness.fake.messages.tokenFaults.set('stuck', { kind: 'hang' })
    const stuck = harness.provider.send(notification({ token: 'stuck' }))
    let isOver = false
    void stuck.finally(() => (isOver = true))
    const others = []
    while (!isOver) others.push(await harness.provider.send(notification()))
    expect(await stuck).toMatchObject(timedOut)
    expect(others).toEqual(others.map(() => handedOver))
    expect(harness.fake.messages.connections).toBe(1)
  })

  it('waits for a slow answer within the deadline', async () => {
    harness = await startHarness()
    harness.fake.messages.fault = { kind: 'slow', delayMs: 100 }
    expect(await harness.provider.send(notification())).toEqual(handedOver)
  })

  it('finds FCM again after it was away, with a login that knows nothing of earlier tokens', async () => {
    harness = await startHarness()
    await harness.provider.send(notification())
    const { account, endpoint } = harness.fake
    await harness.fake.stop()
    expect(await harness.provider.send(notification())).toMatchObject(unreachable)
    const again = await startFcmFake({ account, port: Number(new URL(endpoint).port) })
    try {
      expect(await harness.provider.send(notification())).toEqual(handedOver)
      expect([again.tokens.issued, again.messages.taken]).toEqual([1, 1])
    } finally {
      await again.stop()
    }
  })
})

describe('FcmProvider with a faulty login', () => {
  it('renews a token that is refused, once for all, and gets through without a retry', async () => {
    harness = await startHarness()
    await harness.provider.send(notification())
    harness.fake.tokens.revokeAll()
    harness.fake.tokens.delayMs = 20
    const outcomes = await Promise.all(Array.from({ length: 80 }, () => harness.provider.send(notification())))
    expect(outcomes).toEqual(outcomes.map(() => handedOver))
    expect(harness.fake.tokens.issued).toBe(2)
  })

  it('tries later when the new token is refused too', async () => {
    harness = await startHarness()
    harness.fake.messages.fault = { kind: 'error', status: 401 }
    expect(await harness.provider.send(notification())).toMatchObject({
      kind: 'retry',
      blame: 'provider',
      error: { code: 'PUSH_PROVIDER_LOGIN_FAILED' },
    })
    expect([harness.fake.messages.requests, harness.fake.tokens.issued]).toEqual([2, 2])
  })

  it('tries later when Google does not take the grant, and says so', async () => {
    harness = await startHarness()
    harness.fake.tokens.fault = { kind: 'error', status: 400, error: 'invalid_grant' }
    expect(await harness.provider.send(notification())).toMatchObject({
      kind: 'retry',
      blame: 'provider',
      error: { code: 'PUSH_PROVIDER_LOGIN_FAILED', message: expect.stringContaining('invalid_grant') },
    })
    harness.fake.tokens.fault = undefined
    harness.clock.now += 5_000
    expect(await harness.provider.send(notification())).toEqual(handedOver)
  })

  it('gives up waiting for a login at the deadline, and logs in anew afterwards', async () => {
    harness = await startHarness({ provider: { deadlineMs: 200 } })
    harness.fake.tokens.fault = { kind: 'hang' }
    expect(await harness.provider.send(notification())).toMatchObject(timedOut)
    harness.fake.tokens.fault = undefined
    harness.clock.now += 5_000
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await harness.provider.send(notification())).toEqual(handedOver)
  })

  it('keeps sending with a good token while the login is away', async () => {
    harness = await startHarness()
    await harness.provider.send(notification())
    harness.clock.now += 50 * 60_000
    harness.fake.tokens.fault = { kind: 'error', status: 400, error: 'invalid_grant' }
    expect(await harness.provider.send(notification())).toEqual(handedOver)
    while (harness.fake.tokens.asked < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(await harness.provider.send(notification())).toEqual(handedOver)
  })
})
