import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MESSAGE_PARTITIONS, messageStored, type MessageStored } from '#bus'
import { nativeCrypto } from '#crypto/native/index'
import {
  buildSubscribeRequest,
  buildUnsubscribeRequest,
  decryptPushPayload,
  MAX_PUSH_REQUEST_LENGTH,
  type PushSubscriptionOptions,
  userSigner,
} from '#protocol'
import { type InProcessPush, RecordingProvider, startInProcessPush } from '../support/push-harness.ts'

const alice = userSigner(nativeCrypto, new Uint8Array(32).fill(1))
const bob = userSigner(nativeCrypto, new Uint8Array(32).fill(2))
const KEY = new Uint8Array(32).fill(7)
const TOKEN = 'a-token-that-only-the-phone-and-google-know'

/** Resolves when `condition` holds; the test's own time limit ends the waiting. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('the push relay', () => {
  let push: InProcessPush
  let firebase: RecordingProvider
  let apple: RecordingProvider
  let count: number
  const start = async (environment: Record<string, string> = {}): Promise<void> => {
    push = await startInProcessPush({
      clock: { now: () => Date.now() },
      providers: new Map([
        ['firebase', firebase],
        ['apns', apple],
      ]),
      environment,
    })
  }
  beforeEach(async () => {
    firebase = new RecordingProvider()
    apple = new RecordingProvider(true)
    count = 0
    await start()
  })
  afterEach(() => push.close())

  const seconds = (): number => Math.floor(Date.now() / 1_000)
  const device = (changes: Partial<PushSubscriptionOptions> = {}): PushSubscriptionOptions => ({
    service: 'firebase',
    serviceInfo: { token: TOKEN },
    encryptionKey: KEY,
    namespaces: [0],
    wantsData: true,
    signedAt: seconds(),
    ...changes,
  })
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const reply = await fetch(push.url + path, { method: 'POST', body: JSON.stringify(body) })
    return await reply.json()
  }
  const subscribe = (changes: Partial<PushSubscriptionOptions> = {}, signer = alice): Promise<unknown> =>
    post('/subscribe', buildSubscribeRequest(signer, device(changes)))
  const store = async (
    changes: Partial<Omit<MessageStored, 'data'>> & { data?: Uint8Array | undefined } = {},
    deduplicationId = `m${count}`,
  ): Promise<string> => {
    const { data = undefined, ...rest } = 'data' in changes ? changes : { ...changes, data: Buffer.from(`m ${count}`) }
    const hash = `${(count++).toString().padStart(5, '0')}${'h'.repeat(38)}`
    const message: MessageStored = {
      account: alice.account.bytes,
      namespace: 0,
      hash,
      timestamp: Date.now(),
      expiry: Date.now() + 86_400_000,
      size: data?.length ?? 0,
      ...(data && { data }),
      ...rest,
    }
    const partition = count % MESSAGE_PARTITIONS
    await push.bus.publish(messageStored, message, { deduplicationId, partition })
    return message.hash
  }
  const entry = async (service: string, name: string): Promise<number> => {
    const line = (await push.metrics.text())
      .split('\n')
      .find((one) => one.startsWith(`sotto_push_books{service="${service}",entry="${name}"}`))
    return Number(line?.split(' ')[1] ?? 0)
  }

  it('wakes the device that wants the message, with a payload that only its key opens', async () => {
    await subscribe()
    const hash = await store({ data: Buffer.from('for alice') })
    await until(() => firebase.received.length === 1)
    const [notification] = firebase.received
    expect(notification).toMatchObject({ token: TOKEN, isUrgent: true })
    const payload = decryptPushPayload(nativeCrypto, KEY, notification?.payload ?? '')
    expect(payload).toMatchObject({ hash, namespace: 0, length: 9, tooBig: false })
    expect([payload.account.hex, Buffer.from(payload.body ?? []).toString()]).toEqual([alice.account.hex, 'for alice'])
    const other = new Uint8Array(32)
    expect(() => decryptPushPayload(nativeCrypto, other, notification?.payload ?? '')).toThrow()
  })

  it('leaves alone who wants another namespace, another account, or nothing any more', async () => {
    await subscribe({ namespaces: [2, 3] })
    await subscribe({ serviceInfo: { token: `${TOKEN}-2` } }, bob)
    await subscribe({ serviceInfo: { token: `${TOKEN}-3` } })
    await subscribe({ serviceInfo: { token: `${TOKEN}-4` } })
    const gone = { service: 'firebase', serviceInfo: { token: `${TOKEN}-4` }, signedAt: seconds() }
    expect(await post('/unsubscribe', buildUnsubscribeRequest(alice, gone))).toMatchObject({ removed: true })
    await store()
    await until(() => firebase.received.length > 0)
    await until(async () => (await entry('firebase', 'handed-over')) === 1)
    expect(firebase.received.map(({ token }) => token)).toEqual([`${TOKEN}-3`])
  })

  it('tells of a message whose body is too long, and of one whose body is not wanted', async () => {
    await subscribe()
    await subscribe({ serviceInfo: { token: `${TOKEN}-no-data` }, wantsData: false })
    const longest = await store({ data: Buffer.alloc(2_500) })
    const tooLong = await store({ data: undefined, size: 2_501 })
    await until(() => firebase.received.length === 4)
    const read = (token: string, hash: string): unknown =>
      firebase.received
        .filter((one) => one.token === token)
        .map(({ payload }) => decryptPushPayload(nativeCrypto, KEY, payload))
        .find((payload) => payload.hash === hash)
    expect(read(TOKEN, longest)).toMatchObject({ length: 2_500, tooBig: false, body: expect.anything() })
    expect(read(TOKEN, tooLong)).toMatchObject({ length: 2_501, tooBig: true })
    for (const hash of [longest, tooLong]) {
      expect(read(`${TOKEN}-no-data`, hash)).toMatchObject({ hash, tooBig: false })
      expect(read(`${TOKEN}-no-data`, hash)).not.toHaveProperty('length')
    }
    // Only the one with its body in it is to wake the user (push §7.2).
    expect(firebase.received.filter(({ isUrgent }) => isUrgent)).toHaveLength(1)
  })

  it('tells a device of a message once, however often the event comes', async () => {
    await subscribe()
    const hash = 'x'.repeat(43)
    for (const id of ['a', 'b', 'c']) await store({ hash }, id)
    await store({}, 'another')
    await until(async () => (await entry('firebase', 'handed-over')) === 2)
    expect(firebase.received).toHaveLength(2)
  })

  it('forgets a dead token for every account, but not one that was registered after the word of the provider', async () => {
    await subscribe()
    await subscribe({}, bob)
    firebase.answer = () => ({ kind: 'token-dead', since: Date.now() - 3_600_000 })
    await store()
    await until(async () => (await entry('firebase', 'token-dead')) === 1)
    firebase.answer = () => ({ kind: 'token-dead' })
    await store()
    await until(async () => (await entry('firebase', 'token-dead')) === 2)
    await store()
    await store({ account: bob.account.bytes })
    expect(await subscribe()).toMatchObject({ added: true })
    expect(await subscribe({}, bob)).toMatchObject({ added: true })
    expect(firebase.received).toHaveLength(2)
  })

  it('makes one wake-up of several messages where the provider keeps only the last', async () => {
    await subscribe({ service: 'apns', serviceInfo: { token: 'ab'.repeat(32) } })
    const hashes = [await store(), await store(), await store(), await store(), await store()]
    await until(async () => (await entry('apns', 'handed-over')) === 5)
    expect(apple.received.length).toBeLessThan(5)
    const last = decryptPushPayload(nativeCrypto, KEY, apple.received.at(-1)?.payload ?? '')
    expect(hashes.slice(1)).toContain(last.hash)
  })

  it('makes all payloads equally long where it is told to', async () => {
    await push.close()
    await start({ SOTTO_PUSH_PADDING: 'full' })
    await subscribe()
    for (const length of [0, 1, 1_000, 2_500]) await store({ data: Buffer.alloc(length) })
    await until(() => firebase.received.length === 4)
    expect(new Set(firebase.received.map(({ payload }) => payload.length))).toEqual(new Set([3_808]))
  })

  it('keeps the books while messages wait, fail, expire and are handed over', async () => {
    await subscribe()
    let calls = 0
    firebase.answer = () => {
      calls++
      if (calls % 3 === 0) return { kind: 'refused', error: new Error('too long') }
      return calls % 3 === 1 ? { kind: 'handed-over' } : { kind: 'token-dead', since: 0 }
    }
    for (let i = 0; i < 30; i++) await store()
    await store({ expiry: Date.now() - 1 })
    await until(async () => (await entry('firebase', 'accepted')) === 31 && (await entry('firebase', 'waiting')) === 0)
    const ends = await Promise.all(
      ['handed-over', 'expired', 'token-dead', 'given-up'].map((name) => entry('firebase', name)),
    )
    expect(ends.reduce((sum, one) => sum + one, 0)).toBe(31)
    expect(ends[1]).toBe(1)
  })

  it('lets only so many devices in for one account', async () => {
    await push.close()
    await start({ SOTTO_PUSH_DEVICES: '2' })
    const many = ['1', '2', '3'].map((one) => subscribe({ serviceInfo: { token: `${TOKEN}-${one}` } }))
    const answers = (await Promise.all(many)) as Record<string, unknown>[]
    expect(answers.filter((one) => one['added'] === true)).toHaveLength(2)
    expect(answers.filter((one) => one['error'] === 4)).toHaveLength(1)
  })

  it.each([
    [MAX_PUSH_REQUEST_LENGTH - 1, 'Invalid JSON: expected object or array of objects'],
    [MAX_PUSH_REQUEST_LENGTH, 'Invalid JSON: expected object or array of objects'],
    [MAX_PUSH_REQUEST_LENGTH + 1, 'Invalid request: request too large'],
  ])('answers a body of %i bytes', async (length, message) => {
    const reply = await fetch(`${push.url}/subscribe`, { method: 'POST', body: `"${'x'.repeat(length - 2)}"` })
    expect([reply.status, await reply.json()]).toEqual([200, { error: 1, message }])
  })

  it('refuses what is absurd before it looks at it', async () => {
    const [deep, wide] = ['['.repeat(49_000) + ']'.repeat(49_000), `[${'{},'.repeat(30_000)}{}]`]
    for (const body of [deep, wide, '']) {
      const reply = await fetch(`${push.url}/subscribe`, { method: 'POST', body })
      expect([reply.status, await reply.json()]).toMatchObject([200, { error: 1 }])
    }
  })

  it('tells the key for endpoints where it serves Web Push, and is lost for words where it does not', async () => {
    const none = await fetch(`${push.url}/application_server_key`)
    expect([none.status, none.headers.get('sotto-error')]).toEqual([404, 'ROUTE_UNKNOWN'])
    const other = await startInProcessPush({ clock: { now: () => Date.now() } })
    const { application_server_key: key } = (await (await fetch(`${other.url}/application_server_key`)).json()) as {
      application_server_key: string
    }
    await other.close()
    const point = Buffer.from(key, 'base64url')
    expect([point.length, point[0]]).toEqual([65, 4])
  })
})
