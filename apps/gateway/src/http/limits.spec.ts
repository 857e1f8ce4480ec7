import { afterEach, describe, expect, it } from '@jest/globals'
import { setImmediate } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { decodeNodeReply } from '#protocol'
import { nativeCrypto } from '#crypto/native/index'
import type { GatewayConfig } from '../config/gateway-config.ts'
import {
  BODY_LIMIT,
  destinationLayer,
  guardRequest,
  nodeAt,
  nodeRequest,
  send,
  startTestGateway,
  type TestGateway,
  textReply,
} from '../testing.suite.ts'
import type { StorageRpc } from '../storage-rpc/storage-rpc.ts'

let running: TestGateway | undefined
afterEach(async () => running?.stop())

async function start(config: Partial<GatewayConfig>, storageRpc?: StorageRpc): Promise<TestGateway> {
  running = await startTestGateway({ config, ...(storageRpc !== undefined && { storageRpc }) })
  return running
}

const LIMIT = 20_000
const TOO_SHORT = 'Error parsing onion request: Unexpected payload size'

describe.each(['tls', 'http'] as const)('the body limit on the %s door', (door) => {
  it.each([
    [LIMIT - 1, 400],
    [LIMIT, 400],
    [LIMIT + 1, 413],
  ])('%d bytes get status %d, announced or chunked', async (length, status) => {
    const gateway = await start({ bodyLimit: LIMIT })
    const body = new Uint8Array(length).fill(0xff)
    for (const chunked of [false, true]) {
      const reply = await send(`${gateway[door](0)}/onion_req/v2`, { body, chunked })
      expect(reply.status).toBe(status)
      if (status === 413) {
        expect(reply.text).toBe('Request body too large')
        expect(reply.headers.connection).toBe('close')
      } else expect(reply.text.startsWith(TOO_SHORT)).toBe(true)
    }
  })

  it('takes a body of 10,485,760 bytes', async () => {
    const gateway = await start({})
    const plaintext = new Uint8Array(BODY_LIMIT - guardRequest(nodeAt(gateway, 0), new Uint8Array(0)).body.length)
    const { body } = guardRequest(nodeAt(gateway, 0), plaintext)
    expect(body.length).toBe(BODY_LIMIT)
    const reply = await send(`${gateway[door](0)}/onion_req/v2`, { body })
    expect(reply.status).toBe(200)
  })
})

describe('the number of bytes in flight', () => {
  it.each([
    [2 * LIMIT - 1, 503],
    [2 * LIMIT, 400],
    [2 * LIMIT + 1, 400],
  ])('with room for %d bytes a second body of 20,000 gets %d', async (bytes, status) => {
    const gateway = await start({ bodyLimit: LIMIT, inFlight: { requests: 8, bytes } })
    const held = rawRequest(gateway, LIMIT)
    await held.accepted
    const reply = await send(`${gateway.tls(0)}/onion_req/v2`, { body: new Uint8Array(LIMIT).fill(0xff) })
    held.socket.destroy()
    expect(reply.status).toBe(status)
    if (status === 503) expect(reply.text).toBe('Server busy, try again later')
  })

  it('gives the room back when the client goes away', async () => {
    const gateway = await start({ bodyLimit: LIMIT, inFlight: { requests: 1, bytes: LIMIT } })
    const held = rawRequest(gateway, LIMIT)
    await held.accepted
    held.socket.destroy()
    const free = async (): Promise<string> => {
      const reply = await send(`${gateway.tls(0)}/onion_req/v2`, { body: new Uint8Array(LIMIT).fill(0xff) })
      return reply.status === 503 ? free() : reply.text
    }
    expect(await free()).toMatch(TOO_SHORT)
    await untilNothingIsHeld(gateway)
  })
})

describe('the number of requests in flight', () => {
  it.each([
    [1, [200, 503]],
    [2, [200, 200]],
    [3, [200, 200]],
  ])('with %d places two requests get %j', async (requests, statuses) => {
    const arrived = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const gateway = await start(
      { inFlight: { requests, bytes: BODY_LIMIT } },
      {
        handle: async () => {
          arrived.resolve()
          await release.promise
          return textReply('done')
        },
      },
    )
    const ask = async (): Promise<number> => {
      const { body } = nodeRequest([nodeAt(gateway, 0)], '{}')
      return (await send(`${gateway.tls(0)}/onion_req/v2`, { body })).status
    }
    const first = ask()
    await arrived.promise
    const second = ask()
    if (statuses[1] === 503) expect(await second).toBe(503)
    release.resolve()
    expect(await Promise.all([first, second])).toEqual(statuses)
  })
})

describe('the number of hops', () => {
  it.each([
    [14, 200, undefined],
    [15, 200, undefined],
    [16, 400, 'onion request max path length exceeded'],
  ])('a request with hop_no %d gets %d at the first node', async (hopNumber, status, text) => {
    const gateway = await start({})
    const { body } = guardRequest(nodeAt(gateway, 0), destinationLayer('{"method":"info","params":{}}'), { hopNumber })
    const reply = await send(`${gateway.tls(0)}/onion_req/v2`, { body })
    expect(reply.status).toBe(status)
    if (text !== undefined) expect(reply.text).toBe(text)
  })

  it.each([
    [13, 200],
    [14, 200],
    [15, 400],
  ])('a relayed request with hop_no %d gets %d', async (hopNumber, status) => {
    const gateway = await start({})
    const [first, second] = [nodeAt(gateway, 0), nodeAt(gateway, 1)]
    const { body } = nodeRequest([first, second], '{"method":"info","params":{}}')
    const end = Buffer.from(body).lastIndexOf('}')
    const hopped = Buffer.concat([body.subarray(0, end), Buffer.from(`,"hop_no":${hopNumber}}`)])
    expect((await send(`${gateway.tls(0)}/onion_req/v2`, { body: hopped })).status).toBe(status)
  })

  it('lets a request visit sixteen nodes and no more', async () => {
    const gateway = await start({})
    const path = Array.from({ length: 16 }, (_, hop) => nodeAt(gateway, hop % 3))
    const visited = nodeRequest(path, '{"method":"info","params":{}}')
    const reply = await send(`${gateway.tls(0)}/onion_req/v2`, { body: visited.body })
    expect(decodeNodeReply(nativeCrypto, visited.replyKey, reply.body).status).toBe(200)
    const longer = nodeRequest([...path, nodeAt(gateway, 1)], '{"method":"info","params":{}}')
    const refused = await send(`${gateway.tls(0)}/onion_req/v2`, { body: longer.body })
    expect([refused.status, refused.text]).toEqual([400, 'onion request max path length exceeded'])
  })
})

describe('a Content-Length that is no number', () => {
  it.each(['abc', '-1', '1.5', '0x10', ''])('%j is refused', async (length) => {
    const gateway = await start({})
    const { reply } = rawRequest(gateway, length)
    expect(await reply).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*\r\n\r\ninvalid Content-Length$/)
  })
})

describe('a client that stalls', () => {
  it.each([
    ['in the headers', 'POST /onion_req/v2 HTTP/1.1\r\nHost: a\r\nContent-'],
    ['in the body', 'POST /onion_req/v2 HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc'],
  ])('%s is cut off', async (_where, text) => {
    const gateway = await start({ requestTimeoutMs: 200 })
    const { reply } = rawText(gateway, text)
    expect(await reply).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    await untilNothingIsHeld(gateway)
  })
})

/** Waits until the gateway holds no body any more; a body that is never let go ends in the test's own time limit. */
async function untilNothingIsHeld(gateway: TestGateway): Promise<void> {
  while (!(await gateway.metrics.text()).includes('sotto_gateway_in_flight_bytes 0\n')) await setImmediate()
}

/** Sends the headers of a request that announces `length`, and no body. */
function rawRequest(gateway: TestGateway, length: number | string): ReturnType<typeof rawText> {
  return rawText(
    gateway,
    `POST /onion_req/v2 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`,
  )
}

/** Sends `text` to the first node; `reply` is everything until the connection ends, `accepted` its first bytes. */
function rawText(
  gateway: TestGateway,
  text: string,
): { readonly socket: TLSSocket; readonly accepted: Promise<void>; readonly reply: Promise<string> } {
  const accepted = Promise.withResolvers<void>()
  const reply = Promise.withResolvers<string>()
  let received = ''
  const socket = connect(
    { port: nodeAt(gateway, 0).record.storagePort, host: '127.0.0.1', rejectUnauthorized: false },
    () => socket.write(text),
  )
  socket.on('data', (piece: Buffer) => {
    received += piece.toString('latin1')
    accepted.resolve()
  })
  socket.on('error', () => socket.destroy())
  socket.once('close', () => reply.resolve(received))
  return { socket, accepted: accepted.promise, reply: reply.promise }
}
