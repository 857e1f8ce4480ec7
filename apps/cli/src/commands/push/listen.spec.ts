import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import webPush from 'web-push'
import { pushPayload } from '#client/node/fakes/push-payload.suite'
import { fromHex, utf8 } from '#crypto'
import { parseAccountId, type WebPushSubscription } from '#protocol'
import { run } from '../../run.ts'
import { type FakeContext, fakeContext } from '../../testing.suite.ts'

const ARGS = ['push', 'listen', '--port', '0']

interface Listening {
  readonly subscription: WebPushSubscription
  readonly payload: (text: string) => string
}

/** What the relay knows once the command listens. */
async function listening({ out, relay }: FakeContext): Promise<Listening> {
  while (out.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const request = relay.bodies[0]?.[0]?.request
  const account = parseAccountId(String(request?.['pubkey']))
  const key = fromHex(String(request?.['enc_key']))
  if (account === undefined || key === undefined) throw new Error('nobody has subscribed')
  return {
    subscription: request?.['service_info'] as WebPushSubscription,
    payload: (text) => pushPayload({ account, key, body: utf8(text) }),
  }
}

async function send({ endpoint, keys }: WebPushSubscription, message: unknown): Promise<number> {
  const text = Buffer.from(JSON.stringify(message))
  const { cipherText } = webPush.encrypt(keys.p256dh, keys.auth, text, 'aes128gcm')
  return (await fetch(endpoint, { method: 'POST', body: Uint8Array.from(cipherText) })).status
}

describe('push listen', () => {
  it('is a device of its own, shows what arrives, and takes itself off after so many messages', async () => {
    const context = fakeContext()
    const running = run([...ARGS, '--count', '2'], context)
    const { subscription, payload } = await listening(context)
    expect(context.relay.rows.size).toBe(1)
    expect(context.out[0]).toMatch(/^Listening for messages to 05[0-9a-f]{64}$/)
    expect(context.out[2]).toMatch(/SOTTO_PUSH_ENDPOINTS=127\.0\.0\.1:\d+$/)
    const messages = ['hello', 'hello', 'once more'].map((text) => ({ enc_payload: payload(text), spns: '2' }))
    for (const message of messages) expect(await send(subscription, message)).toBe(201)
    expect(await running).toBe(0)
    expect(context.out.slice(3)).toEqual([
      expect.stringMatching(/^2025-06-15 15:06 UTC {2}05[0-9a-f]{6}… namespace 0, in a notification$/),
      '  5 bytes: hello',
      expect.stringContaining('in a notification'),
      '  9 bytes: once more',
    ])
    expect(context.relay.rows.size).toBe(0)
    expect(context.open).toBe(0)
  })

  it('prints a JSON object a line', async () => {
    const context = fakeContext()
    const running = run([...ARGS, '--count', '1', '--json'], context)
    const { subscription, payload } = await listening(context)
    await send(subscription, { enc_payload: payload('hello') })
    expect(await running).toBe(0)
    expect(context.out.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ event: 'listening', endpoint: subscription.endpoint }),
      expect.objectContaining({ event: 'message', namespace: 0, body: 'aGVsbG8=', way: 'push' }),
    ])
  })

  it('refuses what is no notification for it, and goes on', async () => {
    const context = fakeContext()
    const running = run([...ARGS, '--count', '1'], context)
    const { subscription, payload } = await listening(context)
    const post = async (body: Uint8Array<ArrayBuffer>, url = subscription.endpoint): Promise<number> =>
      (await fetch(url, { method: 'POST', body })).status
    expect(await post(new Uint8Array(200))).toBe(400)
    expect(await post(new Uint8Array(4_097))).toBe(413)
    expect(await post(new Uint8Array(1), `${subscription.endpoint}x`)).toBe(404)
    expect((await fetch(subscription.endpoint)).status).toBe(404)
    for (const message of ['text', null, {}, { enc_payload: 1 }, { enc_payload: 'nonsense' }]) {
      expect(await send(subscription, message)).toBe(400)
    }
    expect(await send(subscription, { enc_payload: payload('hello') })).toBe(201)
    expect(await running).toBe(0)
  })

  it('ends when it is interrupted, and takes itself off', async () => {
    const controller = new AbortController()
    const context = fakeContext({ signal: controller.signal })
    const running = run(ARGS, context)
    await listening(context)
    controller.abort()
    expect(await running).toBe(0)
    expect(context.relay.rows.size).toBe(0)
  })

  it('says how to allow the endpoint when the relay refuses it', async () => {
    const context = fakeContext()
    context.relay.disturb = () => ({ error: 1, message: 'Invalid Web Push endpoint: expected an https URL' })
    expect(await run(ARGS, context)).toBe(1)
    expect(context.err[0]).toMatch(/refuses an endpoint .* SOTTO_PUSH_ENDPOINTS=127\.0\.0\.1:\d+\.$/)
  })

  it('says so when the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const context = fakeContext()
    const { port } = server.address() as AddressInfo
    expect(await run(['push', 'listen', '--port', String(port)], context)).toBe(1)
    expect(context.err).toEqual(['sotto: another program listens on this port; choose another with --port.'])
    expect(context.relay.bodies).toEqual([])
    server.close()
  })

  it.each([
    ['--port', 'x'],
    ['--port', '65536'],
    ['--count', '0'],
    ['--namespaces', 'all'],
  ])('refuses %s %s', async (option, value) => {
    const context = fakeContext()
    expect(await run([...ARGS, option, value], context)).toBe(2)
    expect(context.relay.bodies).toEqual([])
  })
})
