import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import webPush from 'web-push'
import { OutgoingGuard, type OutgoingGuardOptions } from '#runtime'
import {
  type FakeSubscription,
  startWebPushFake,
  type WebPushFake,
  type WebPushFault,
} from '../../../../../test/support/fakes/web-push/index.ts'
import type { OutgoingNotification, Provider, SendOutcome } from '../provider.ts'
import { createWebPushProvider, type WebPushProviderOptions } from './web-push-provider.ts'

const vapid = { subject: 'mailto:operator@example.org', ...webPush.generateVAPIDKeys() }

let fake: WebPushFake
let subscription: FakeSubscription
let clock: number
const opened: Provider[] = []

beforeEach(async () => {
  // The fake's judge and web-push look at the real time, too.
  clock = Date.now()
  fake = await startWebPushFake()
  subscription = fake.subscribe(vapid.publicKey)
})
afterEach(async () => {
  for (const provider of opened.splice(0)) await provider.close()
  await fake.close()
})

function providerWith(
  options: Partial<WebPushProviderOptions> = {},
  guard: Partial<OutgoingGuardOptions> = {},
): Provider {
  const provider = createWebPushProvider({
    vapid,
    guard: new OutgoingGuard({ allowList: [fake.destination], allowPublic: false, ...guard }),
    deadlineMs: 10_000,
    now: () => clock,
    ...options,
  })
  opened.push(provider)
  return provider
}

function notification(changes: Partial<OutgoingNotification> = {}): OutgoingNotification {
  return {
    token: subscription.endpoint,
    serviceData: subscription.serviceData,
    payload: 'AAAA',
    isUrgent: true,
    expiresAt: clock + 3_600_000,
    ...changes,
  }
}

const send = (provider: Provider, changes?: Partial<OutgoingNotification>): Promise<SendOutcome> =>
  provider.send(notification(changes))

const retryBecause = (code: string): object => ({ kind: 'retry', blame: 'notification', error: { code } })

/** Resolves when as many requests have reached the push service. */
async function untilRequests(count: number): Promise<void> {
  while (fake.requests < count) await new Promise((resolve) => setImmediate(resolve))
}

describe('WebPushProvider', () => {
  it('hands over what the device reads, signed with the keys of this server', async () => {
    expect(await send(providerWith())).toEqual({ kind: 'handed-over' })
    expect(fake.received).toHaveLength(1)
    const [received] = fake.received
    expect(JSON.parse(received?.text ?? '')).toEqual({ enc_payload: 'AAAA', spns: '2' })
    expect(received).toMatchObject({ id: subscription.id, ttl: 3600, urgency: 'high', topic: undefined })
    expect(received?.sender).toMatchObject({ publicKey: vapid.publicKey, subject: vapid.subject })
  })

  it('carries the longest payload, and gives up a longer one than fits without asking anybody', async () => {
    const provider = providerWith()
    expect(await send(provider, { payload: 'a'.repeat(3808) })).toEqual({ kind: 'handed-over' })
    expect(fake.received[0]?.bodyLength).toBe(3940)
    expect(await send(provider, { payload: 'a'.repeat(3964) })).toEqual({ kind: 'handed-over' })
    expect(fake.received[1]?.bodyLength).toBe(4096)
    expect(await send(provider, { payload: 'a'.repeat(3965) })).toMatchObject({
      kind: 'refused',
      error: { code: 'PUSH_MESSAGE_TOO_LONG' },
    })
    expect(fake.requests).toBe(2)
  })

  it.each([
    [-1, 0],
    [0, 0],
    [999, 0],
    [1_000, 1],
    [2_419_199_000, 2_419_199],
    [2_419_200_000, 2_419_200],
    [2_419_201_000, 2_419_200],
  ])('asks for a message with %i ms to live to be kept for %i s', async (milliseconds, ttl) => {
    await send(providerWith(), { expiresAt: clock + milliseconds })
    expect(fake.received[0]?.ttl).toBe(ttl)
  })

  it('says which messages need not wake the device at once', async () => {
    await send(providerWith(), { isUrgent: false })
    expect(fake.received[0]?.urgency).toBe('normal')
  })

  it('uses one signature for all messages to a push service', async () => {
    const provider = providerWith()
    const other = fake.subscribe()
    await send(provider)
    clock += 60_000
    await send(provider, { token: other.endpoint, serviceData: other.serviceData })
    expect(fake.received[1]?.sender).toEqual(fake.received[0]?.sender)
  })

  it('says that every notification counts', () => {
    expect(providerWith().keepsOnlyLast).toBe(false)
  })

  it.each([[{ ...vapid, subject: 'operator' }], [{ ...vapid, privateKey: 'AAAA' }], [{ ...vapid, publicKey: 'AAAA' }]])(
    'does not start with unusable VAPID settings',
    (unusable) => {
      expect(() => providerWith({ vapid: unusable })).toThrow(
        expect.objectContaining({ code: 'PUSH_PROVIDER_CREDENTIALS_UNUSABLE' }),
      )
    },
  )
})

describe('WebPushProvider, when the push service', () => {
  it.each([404, 410])('answers with %i, calls the token dead', async (status) => {
    fake.fail({ kind: 'status', status })
    expect(await send(providerWith())).toEqual({ kind: 'token-dead' })
  })

  it.each([400, 413])('answers with %i, gives up', async (status) => {
    fake.fail({ kind: 'status', status })
    expect(await send(providerWith())).toMatchObject({ kind: 'refused', error: { status } })
  })

  it.each([401, 403, 500, 503])('answers with %i, tries again and blames the notification', async (status) => {
    fake.fail({ kind: 'status', status }, { times: 1 })
    const provider = providerWith()
    expect(await send(provider)).toMatchObject({ kind: 'retry', blame: 'notification', error: { status } })
    expect(await send(provider)).toEqual({ kind: 'handed-over' })
  })

  it('has bound the subscription to another key, tries again and blames the notification', async () => {
    const provider = providerWith({ vapid: { ...vapid, ...webPush.generateVAPIDKeys() } })
    expect(await send(provider)).toMatchObject({ kind: 'retry', blame: 'notification', error: { status: 403 } })
  })

  it.each([
    [undefined, 60_000],
    ['30', 60_000],
    ['120', 120_000],
  ])('has too many requests and says Retry-After %s, waits for %i ms', async (retryAfter, afterMs) => {
    fake.fail({ kind: 'status', status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) })
    expect(await send(providerWith())).toMatchObject({ kind: 'retry', blame: 'notification', afterMs })
  })

  it('waits as long as a failing service asks', async () => {
    fake.fail({ kind: 'status', status: 503, retryAfter: '5' })
    expect(await send(providerWith())).toMatchObject({ kind: 'retry', blame: 'notification', afterMs: 5_000 })
  })

  it('redirects, does not follow', async () => {
    fake.fail({ kind: 'redirect', location: `${fake.url}/push/elsewhere` })
    expect(await send(providerWith())).toMatchObject({ kind: 'retry', blame: 'notification', error: { status: 307 } })
    expect(fake.requests).toBe(1)
  })

  it('breaks the connection, tries again', async () => {
    fake.fail({ kind: 'reset' })
    expect(await send(providerWith())).toMatchObject(retryBecause('PUSH_PROVIDER_UNREACHABLE'))
  })

  it('is not there, tries again', async () => {
    const provider = providerWith()
    await fake.close()
    expect(await send(provider)).toMatchObject(retryBecause('PUSH_PROVIDER_UNREACHABLE'))
    fake = await startWebPushFake()
  })

  it('never answers, tries again after the deadline', async () => {
    fake.fail({ kind: 'hang' })
    expect(await send(providerWith({ deadlineMs: 50 }))).toMatchObject(retryBecause('PUSH_PROVIDER_TIMEOUT'))
  })

  it('answers late but in time, hands over', async () => {
    fake.fail({ kind: 'slow', delayMs: 50 })
    expect(await send(providerWith())).toEqual({ kind: 'handed-over' })
  })

  it('answers with 16,384 bytes, hands over, and tries again after one more', async () => {
    const outcomes: SendOutcome[] = []
    for (const bytes of [16_383, 16_384, 16_385]) {
      fake.fail({ kind: 'oversized', bytes })
      outcomes.push(await send(providerWith()))
    }
    expect(outcomes).toMatchObject([
      { kind: 'handed-over' },
      { kind: 'handed-over' },
      retryBecause('DESTINATION_REPLY_TOO_LARGE'),
    ])
  })
})

describe('WebPushProvider, for an endpoint', () => {
  it.each(['nothing', '', 'ftp://push.example/', 'mailto:somebody@push.example', 'file:///etc/passwd', 'https://'])(
    'that is %j, gives up',
    async (token) => {
      expect(await send(providerWith(), { token })).toMatchObject({
        kind: 'refused',
        error: { code: 'PUSH_ENDPOINT_UNUSABLE' },
      })
    },
  )

  it('with keys that fit nothing, gives up and does not call the token dead', async () => {
    const provider = providerWith()
    for (const serviceData of [Buffer.alloc(0), Buffer.alloc(81, 4), subscription.serviceData.subarray(1)]) {
      expect(await send(provider, { serviceData })).toMatchObject({
        kind: 'refused',
        error: { code: 'PUSH_ENDPOINT_UNUSABLE' },
      })
    }
    expect(fake.requests).toBe(0)
  })

  it('on this machine or in its network, gives up unless it is listed', async () => {
    const provider = providerWith({}, { allowList: [], allowPublic: true })
    const { host, pathname } = new URL(subscription.endpoint)
    for (const token of [
      subscription.endpoint,
      `https://${host}${pathname}`,
      'https://127.0.0.1/push',
      'https://localhost/push',
      'https://[::1]/push',
      'https://10.0.0.1/push',
      'https://169.254.169.254/push',
    ]) {
      expect(await send(provider, { token })).toMatchObject({
        kind: 'refused',
        error: { code: 'DESTINATION_REFUSED' },
      })
    }
    expect(fake.requests).toBe(0)
  })

  it('whose name leads to this machine, gives up', async () => {
    const resolve = (): Promise<{ address: string; family: 4 }[]> =>
      Promise.resolve([{ address: '127.0.0.1', family: 4 }])
    const provider = providerWith({}, { allowList: [], allowPublic: true, resolve })
    expect(await send(provider, { token: 'https://push.example/x' })).toMatchObject({
      kind: 'refused',
      error: { code: 'DESTINATION_REFUSED' },
    })
  })

  it('says nothing of it in any error', async () => {
    fake.fail({ kind: 'status', status: 500 })
    const provider = providerWith({ deadlineMs: 50 })
    const outcomes = [await send(provider), await send(provider, { token: 'https://secret.example/secret' })]
    fake.fail({ kind: 'hang' })
    outcomes.push(await send(provider))
    for (const outcome of outcomes) {
      const message = 'error' in outcome ? outcome.error.message : ''
      expect(message).not.toBe('')
      expect(message).not.toMatch(/secret|127\.0\.0\.1/)
      expect(message).not.toContain(subscription.id)
    }
  })
})

describe('WebPushProvider, with hosts that do not answer', () => {
  const places = { shared: 4, sharedPerOrigin: 3, earned: 8 }

  it('has no more in flight to one than it may, and tells the others to come again', async () => {
    fake.fail({ kind: 'hang' })
    const provider = providerWith({ places })
    const hanging = Array.from({ length: 3 }, () => send(provider))
    expect(await send(provider)).toEqual({ kind: 'busy', afterMs: 1_000 })
    await untilRequests(3)
    await provider.close()
    expect(await Promise.all(hanging)).toMatchObject(Array(3).fill(retryBecause('PUSH_PROVIDER_UNREACHABLE')))
    expect([fake.requests, fake.mostInFlight]).toEqual([3, 3])
  })

  it('still reaches a host that has answered before', async () => {
    const others = await Promise.all([startWebPushFake(), startWebPushFake()])
    try {
      const allowList = [fake, ...others].map(({ destination }) => destination)
      const provider = providerWith({ places }, { allowList })
      expect(await send(provider)).toEqual({ kind: 'handed-over' })
      const hanging = others.flatMap((other) => {
        other.fail({ kind: 'hang' })
        const { endpoint: token, serviceData } = other.subscribe()
        return Array.from({ length: 5 }, () => send(provider, { token, serviceData }))
      })
      for (let count = 0; count < 5; count++) expect(await send(provider)).toEqual({ kind: 'handed-over' })
      await provider.close()
      const outcomes = await Promise.all(hanging)
      const failures = outcomes.map((outcome) => ('error' in outcome ? outcome.error.name : outcome.kind))
      expect(failures.filter((name) => name === 'ProviderUnreachableError')).toHaveLength(4)
      expect(failures.filter((name) => name === 'busy')).toHaveLength(6)
    } finally {
      for (const other of others) await other.close()
    }
  })

  it('gives a host more places the more it answers soon, and fewer when it lets requests wait', async () => {
    const provider = providerWith({ places, deadlineMs: 500 })
    const earned = async (): Promise<number> => {
      const outcomes = await Promise.all(Array.from({ length: 16 }, () => send(provider)))
      return outcomes.filter(({ kind }) => kind === 'handed-over').length - places.sharedPerOrigin
    }
    const meet = async (fault: WebPushFault): Promise<void> => {
      fake.fail(fault, { times: 1 })
      const sending = send(provider)
      await untilRequests(fake.requests + 1)
      clock += 2_001
      await sending
    }
    expect([await earned(), await earned(), await earned()]).toEqual([0, 3, 8])
    await meet({ kind: 'slow', delayMs: 50 })
    expect(await earned()).toBe(7)
    await meet({ kind: 'hang' })
    expect(await earned()).toBe(4)
  })

  it('does not hold against a host what was never sent to it', async () => {
    const provider = providerWith({ places })
    await send(provider)
    await send(provider, { serviceData: Buffer.alloc(81, 4) })
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => send(provider)))
    expect(outcomes.filter(({ kind }) => kind === 'handed-over')).toHaveLength(4)
  })
})

describe('WebPushProvider, when it is closed', () => {
  it('ends what is under way, and answers further calls', async () => {
    fake.fail({ kind: 'hang' })
    const provider = providerWith()
    const hanging = send(provider)
    await untilRequests(1)
    await provider.close()
    expect(await hanging).toMatchObject(retryBecause('PUSH_PROVIDER_UNREACHABLE'))
    expect(await send(provider)).toMatchObject(retryBecause('PUSH_PROVIDER_UNREACHABLE'))
    await provider.close()
  })
})
