import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import webPush, { type RequestOptions } from 'web-push'
import type { FakeSubscription } from './fake-subscription.ts'
import { startWebPushProcess } from './start-web-push-process.ts'
import { startWebPushFake, type WebPushFake } from './web-push-fake.ts'

const vapidDetails = { subject: 'mailto:operator@example.org', ...webPush.generateVAPIDKeys() }

let fake: WebPushFake
beforeEach(async () => {
  fake = await startWebPushFake()
})
afterEach(() => fake.close())

interface Sending {
  readonly text?: string
  readonly options?: RequestOptions
  readonly without?: string
  readonly headers?: Record<string, string>
}

/** What `web-push` would send over HTTPS. */
async function send(serviceInfo: FakeSubscription['serviceInfo'], sending: Sending = {}): Promise<Response> {
  const { text = 'hello', options, without, headers } = sending
  const details = webPush.generateRequestDetails(serviceInfo, text, { vapidDetails, TTL: 60, ...options })
  const all = Object.entries({ ...details.headers, ...headers }).filter(([name]) => name !== without)
  return fetch(details.endpoint, {
    method: 'POST',
    headers: Object.fromEntries(all.map(([name, value]) => [name, String(value)])),
    body: details.body as Buffer<ArrayBuffer>,
    redirect: 'manual',
  })
}

describe('WebPushFake', () => {
  it('takes a message of web-push and reads it as the device does', async () => {
    const subscription = fake.subscribe(vapidDetails.publicKey)
    const { status } = await send(subscription.serviceInfo, { options: { urgency: 'high', topic: 'abc' } })
    expect(status).toBe(201)
    expect(fake.received).toMatchObject([
      { id: subscription.id, text: 'hello', ttl: 60, urgency: 'high', topic: 'abc' },
    ])
    expect(fake.received[0]?.sender).toMatchObject({ publicKey: vapidDetails.publicKey, subject: vapidDetails.subject })
  })

  it.each<[number, string, Sending]>([
    [401, 'no VAPID header', { without: 'Authorization' }],
    [403, 'a malformed VAPID header', { headers: { Authorization: 'vapid t=a.b.c, k=d' } }],
    [400, 'no TTL', { without: 'TTL' }],
    [415, 'another content encoding', { headers: { 'Content-Encoding': 'aesgcm' } }],
    [413, 'more than 4,096 bytes', { text: 'a'.repeat(3994) }],
  ])('answers with %i to %s', async (status, _name, sending) => {
    const reply = await send(fake.subscribe().serviceInfo, sending)
    expect({ status: reply.status, received: fake.received }).toEqual({ status, received: [] })
    expect(fake.refused).toHaveLength(1)
  })

  it('takes 4,096 bytes', async () => {
    expect((await send(fake.subscribe().serviceInfo, { text: 'a'.repeat(3993) })).status).toBe(201)
    expect(fake.received[0]?.bodyLength).toBe(4096)
  })

  it('refuses a token for another push service, and the key of another sender', async () => {
    const { Authorization } = webPush.getVapidHeaders(
      'https://other.example',
      vapidDetails.subject,
      vapidDetails.publicKey,
      vapidDetails.privateKey,
      'aes128gcm',
    )
    expect((await send(fake.subscribe().serviceInfo, { headers: { Authorization } })).status).toBe(403)
    const bound = fake.subscribe(webPush.generateVAPIDKeys().publicKey)
    expect((await send(bound.serviceInfo)).status).toBe(403)
  })

  it('refuses what the device cannot read and what nobody has subscribed to', async () => {
    const [first, second] = [fake.subscribe(), fake.subscribe()]
    const mixed = { endpoint: first.endpoint, keys: second.serviceInfo.keys }
    expect((await send(mixed)).status).toBe(400)
    expect((await send({ ...first.serviceInfo, endpoint: `${fake.url}/push/nobody` })).status).toBe(404)
  })

  it('fails as often as told, for one subscription or for all', async () => {
    const [first, second] = [fake.subscribe(), fake.subscribe()]
    fake.fail({ kind: 'status', status: 429, retryAfter: '7' }, { times: 1 })
    fake.fail({ kind: 'redirect', location: `${fake.url}/push/elsewhere` }, { subscription: second })
    const replies = [
      await send(second.serviceInfo),
      await send(first.serviceInfo),
      await send(first.serviceInfo),
      await send(second.serviceInfo),
    ]
    expect(replies.map(({ status }) => status)).toEqual([307, 429, 201, 307])
    expect(replies[1]?.headers.get('retry-after')).toBe('7')
    fake.heal()
    expect((await send(second.serviceInfo)).status).toBe(201)
  })

  it('breaks connections, answers with much, and answers late', async () => {
    const { serviceInfo } = fake.subscribe()
    fake.fail({ kind: 'reset' })
    await expect(send(serviceInfo)).rejects.toThrow('fetch failed')
    fake.fail({ kind: 'oversized', bytes: 100_000 })
    expect(await (await send(serviceInfo)).arrayBuffer()).toHaveProperty('byteLength', 100_000)
    fake.fail({ kind: 'slow', delayMs: 20 })
    expect((await send(serviceInfo)).status).toBe(201)
    expect(fake.received).toHaveLength(2)
  })
})

describe('startWebPushProcess', () => {
  it('takes messages in a process of its own and writes them to a file', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sotto-web-push-'))
    const file = join(directory, 'received')
    try {
      const service = await startWebPushProcess({ file, opens: true })
      try {
        const serviceInfo = await service.subscribe()
        await service.fail({ kind: 'status', status: 503 })
        expect((await send(serviceInfo)).status).toBe(503)
        await service.fail(null)
        expect((await send(serviceInfo, { text: 'one' })).status).toBe(201)
        expect((await send(serviceInfo, { text: 'two' })).status).toBe(201)
      } finally {
        await service.stop()
      }
      const lines = readFileSync(file, 'utf8').trim().split('\n')
      expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(['one', 'two'])
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
