import { afterEach, describe, expect, it } from '@jest/globals'
import { Buffer } from 'node:buffer'
import {
  BusClient,
  BusUnavailableError,
  BusyError,
  NoResponderError,
  PayloadTooLargeError,
  RemoteError,
  type RequestTransport,
  storageRpc,
  type StorageRpcReply,
  type StorageRpcRequest,
} from '#bus'
import { InProcessBus, InProcessClient } from '#bus/in-process/index'
import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { decodeNodeReply } from '#protocol'
import {
  jsonReply,
  nodeAt,
  nodeRequest,
  send,
  startTestGateway,
  type TestGateway,
  textReply,
} from '../testing.suite.ts'
import { storageRpcOverBus } from './bus-storage-rpc.ts'
import type { StorageRpc } from './storage-rpc.ts'

let running: TestGateway | undefined
afterEach(async () => running?.stop())

async function start(rpc: StorageRpc): Promise<TestGateway> {
  running = await startTestGateway({ storageRpc: rpc })
  return running
}

type Answer = (request: StorageRpcRequest) => Promise<StorageRpcReply>

/** The storage RPC over a bus of messages of at most 10,000 bytes, on which `answer` answers: bytes pass, as they do between processes. */
function overBus(answer: Answer, timeoutMs = 25_000): StorageRpc {
  const bus = new InProcessBus({ maxPayload: 10_000 })
  bus.respond(storageRpc.subject, {
    answer: async (payload) => ({
      payload: storageRpc.reply.encode(await answer(storageRpc.request.decode(payload))),
    }),
    answerValue: () => Promise.reject(new Error('values do not leave a process')),
  })
  const client = new InProcessClient({ bus })
  const transport: RequestTransport = {
    requestBytes: (...request) => client.requestBytes(...request),
    publishBytes: (...event) => client.publishBytes(...event),
  }
  return storageRpcOverBus(new BusClient({ transport }), timeoutMs)
}

interface Seen {
  readonly status: number
  readonly body: unknown
}

async function askPlain(gateway: TestGateway, rpc: string): Promise<Seen & { readonly retry: string | undefined }> {
  const { status, text, headers } = await send(`${gateway.tls(0)}/storage_rpc/v1`, { body: Buffer.from(rpc) })
  return { status, body: text, retry: headers['retry-after'] }
}

async function askOnion(gateway: TestGateway, rpc: string): Promise<Seen> {
  const { body, replyKey } = nodeRequest([nodeAt(gateway, 1), nodeAt(gateway, 0)], rpc)
  const reply = await send(`${gateway.tls(1)}/onion_req/v2`, { body })
  expect(reply.status).toBe(200)
  return decodeNodeReply(nativeCrypto, replyKey, reply.body)
}

const failing = (error: Error): StorageRpc => ({ handle: () => Promise.reject(error) })
const UNAVAILABLE = 'Service node is not ready: storage unavailable\n'

describe('the storage RPC over the bus', () => {
  it('hands over node and text, and brings back JSON', async () => {
    const gateway = await start(
      overBus(async ({ node, text }) =>
        jsonReply({ node: Buffer.from(node).toString('hex'), text: Buffer.from(text).toString() }),
      ),
    )
    const body = { node: nodeAt(gateway, 0).record.pubkeyEd25519, text: '{"ü":1}' }
    expect(await askPlain(gateway, '{"ü":1}')).toEqual({ status: 200, body: JSON.stringify(body), retry: undefined })
    expect(await askOnion(gateway, '{"ü":1}')).toEqual({ status: 200, body })
  })

  it('brings back texts with their status', async () => {
    const gateway = await start(overBus(async () => textReply('no method "x"\n', 400)))
    expect(await askPlain(gateway, '{}')).toMatchObject({ status: 400, body: 'no method "x"\n' })
    expect(await askOnion(gateway, '{}')).toEqual({ status: 400, body: 'no method "x"\n' })
  })

  it('calls the storage unavailable when no core answers in time', async () => {
    const gateway = await start(overBus(() => Promise.withResolvers<never>().promise, 10))
    expect(await askPlain(gateway, '{}')).toEqual({ status: 503, body: UNAVAILABLE, retry: '1' })
  })

  it('calls the storage unavailable when there is no core', async () => {
    const bus = new BusClient({ transport: new InProcessClient({ bus: new InProcessBus() }) })
    const gateway = await start(storageRpcOverBus(bus, 25_000))
    expect(await askPlain(gateway, '{}')).toEqual({ status: 503, body: UNAVAILABLE, retry: '1' })
    expect(await askOnion(gateway, '{}')).toEqual({ status: 503, body: UNAVAILABLE })
    const text = await gateway.metrics.text()
    expect(text).toContain('sotto_gateway_storage_refusals_total{code="BUS_NO_RESPONDER"} 2')
    expect(text).not.toContain('sotto_gateway_failures_total{')
  })

  it.each([
    [9_968, 200],
    [9_969, 413],
  ])('a request of %d bytes, with the key of its node, gets %d where messages have 10,000', async (length, status) => {
    const gateway = await start(overBus(async () => jsonReply({})))
    expect((await askPlain(gateway, ' '.repeat(length))).status).toBe(status)
    expect((await askOnion(gateway, ' '.repeat(length))).status).toBe(status)
  })

  it.each([
    [new NoResponderError('x'), 503, UNAVAILABLE],
    [new BusUnavailableError('x'), 503, UNAVAILABLE],
    [new BusyError('x'), 503, UNAVAILABLE],
    [new PayloadTooLargeError('x'), 413, 'Request body too large'],
    [new RemoteError('MAILBOX_STORE_FAILED', 'x'), 500, 'request failed'],
    [new TypeError('a mistake'), 500, 'request failed'],
  ])('answers %s with %d', async (error, status, body) => {
    const gateway = await start(failing(error))
    expect(await askPlain(gateway, '{}')).toEqual({ status, body, retry: status === 503 ? '1' : undefined })
    expect(await askOnion(gateway, '{}')).toEqual({ status, body })
    const failures = status === 500 ? 'sotto_gateway_failures_total{part="storage-rpc"} 2' : 'storage_refusals_total{'
    expect(await gateway.metrics.text()).toContain(failures)
  })

  it('answers with a failure when an answer inside an onion is no UTF-8', async () => {
    const gateway = await start({ handle: async () => ({ status: 200, isJson: false, body: Uint8Array.of(0xff) }) })
    expect(await askOnion(gateway, '{}')).toEqual({ status: 500, body: 'request failed' })
    expect(await gateway.metrics.text()).toContain('sotto_gateway_failures_total{part="storage-rpc"} 1')
  })

  it('carries long answers through an onion as they are', async () => {
    const messages = Array.from({ length: 4 }, (_, index) => ({ hash: `${index}`, data: 'ab+/'.repeat(250_000) }))
    const gateway = await start({
      handle: async () => ({ status: 200, isJson: true, body: utf8(JSON.stringify({ messages })) }),
    })
    expect(await askOnion(gateway, '{}')).toEqual({ status: 200, body: { messages } })
  })
})
