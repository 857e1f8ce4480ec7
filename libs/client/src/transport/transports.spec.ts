import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { selfSignedCertificate } from '../../../../test/load/lib/certificate.ts'
import { RequestAbortedError, TransportError } from '../errors.ts'
import { createHttpsTransport, type HttpsTransport } from '../node/https-transport.ts'
import { createFetchTransport } from './fetch-transport.ts'
import { MAX_REPLY_SIZE, type TransferProgress, type Transport } from './transport.ts'

const timed = { timeoutMs: 5_000 }
const servers: Server[] = []
let overTls: HttpsTransport

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function serve(handler: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(handler))}/onion_req/v2`
}

/** Answers with the request's method, content type, length and body. */
const echo: RequestListener = (request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const { method, headers } = request
    const head = [method, headers['content-type'] ?? 'none', headers['content-length'] ?? 'none'].join(' ')
    response.writeHead(207, 'Some Reason').end(Buffer.concat([Buffer.from(`${head}|`), ...parts]))
  })
}

beforeEach(() => {
  overTls = createHttpsTransport()
})

afterEach(async () => {
  await overTls.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

describe.each([
  ['undici', (): Transport => overTls],
  ['fetch', (): Transport => createFetchTransport()],
])('the %s transport', (_name, create) => {
  it('posts the bytes without a content type and gives status, reason and body of any answer', async () => {
    const url = await serve(echo)
    const { status, statusText, body } = await create().post(url, Uint8Array.of(1, 2, 255), timed)
    expect({ status, statusText }).toEqual({ status: 207, statusText: 'Some Reason' })
    expect([...body]).toEqual([...Buffer.from('POST none 3|'), 1, 2, 255])
  })

  it('gets', async () => {
    const { body } = await create().get(await serve(echo), timed)
    expect(Buffer.from(body).toString()).toBe('GET none none|')
  })

  it('follows no redirect', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())
    expect((await create().get(url, timed)).status).toBe(302)
  })

  it('tells how much is sent and received, up to everything', async () => {
    const url = await serve(echo)
    const steps: TransferProgress[] = []
    await create().post(url, new Uint8Array(200_000), { ...timed, onProgress: (step) => steps.push(step) })
    const sent = steps.filter((step) => step.direction === 'sending').map((step) => step.bytes)
    expect(sent.at(-1)).toBe(200_000)
    expect(sent).toEqual([...sent].sort((a, b) => a - b))
    expect(steps.findLast((step) => step.direction === 'receiving')?.bytes).toBe(200_000 + 'POST none 200000|'.length)
  })

  it('says so when nobody answers there', async () => {
    const url = await serve(echo)
    const server = servers.pop()
    await new Promise((resolve) => server?.close(resolve))
    await expect(create().post(url, new Uint8Array(1), timed)).rejects.toBeInstanceOf(TransportError)
  })

  it('gives up on an answer that breaks off or does not come', async () => {
    const broken = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('abc', () => response.destroy())
    })
    await expect(create().get(broken, timed)).rejects.toBeInstanceOf(TransportError)
    const silent = await serve(() => undefined)
    await expect(create().get(silent, { timeoutMs: 50 })).rejects.toBeInstanceOf(TransportError)
  })

  it('stops when the caller aborts', async () => {
    const controller = new AbortController()
    const url = await serve(() => controller.abort())
    const posting = create().post(url, new Uint8Array(1), { ...timed, signal: controller.signal })
    await expect(posting).rejects.toBeInstanceOf(RequestAbortedError)
  })

  it('reads no more of an answer than any may have', async () => {
    const url = await serve((_request, response) => response.end(Buffer.alloc(MAX_REPLY_SIZE + 1)))
    await expect(create().get(url, timed)).rejects.toBeInstanceOf(TransportError)
  })
})

describe('the undici transport', () => {
  it('accepts the self-signed certificate of a node', async () => {
    const port = await listen(createTlsServer(await selfSignedCertificate(), echo))
    const { status } = await overTls.post(`https://127.0.0.1:${port}/onion_req/v2`, Uint8Array.of(7), timed)
    expect(status).toBe(207)
  })

  it('uses connections again', async () => {
    const url = await serve(echo)
    let connections = 0
    servers.at(-1)?.on('connection', () => connections++)
    for (let i = 0; i < 10; i++) await overTls.post(url, Uint8Array.of(7), timed)
    expect(connections).toBeLessThan(10)
  })
})
