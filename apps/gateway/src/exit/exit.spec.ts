import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toHex } from '#crypto'
import { decryptLayer, type EncryptionType, parseFrame } from '#protocol'
import { nativeCrypto } from '#crypto/native/index'
import { nodeAt, send, serverRequest, startTestGateway, type TestGateway } from '../testing.suite.ts'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { DescribeService } from '../discovery/service-directory.ts'

const TYPE: EncryptionType = 'xchacha20'
const started: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop()
})

interface Backend {
  readonly url: URL
  readonly received: { readonly path: string; readonly type: string | undefined; readonly body: Buffer }[]
}

/** A service on loopback; `answer` sends what it answers to each request. */
async function startBackend(answer: (response: ServerResponse) => void): Promise<Backend> {
  const received: Backend['received'] = []
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      received.push({ path: request.url ?? '', type: request.headers['content-type'], body: Buffer.concat(pieces) })
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  started.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), received }
}

async function start(config: Partial<GatewayConfig>, describeService?: DescribeService): Promise<TestGateway> {
  const running = await startTestGateway({ config, ...(describeService !== undefined && { describeService }) })
  started.push(() => running.stop())
  return running
}

const NOWHERE = new URL('http://127.0.0.1:9')
const FILES = { host: 'files.example.org', port: 443 }

function withAttachments(url: URL): Partial<GatewayConfig> {
  return {
    exitHosts: [{ pattern: { host: FILES.host, port: undefined }, service: 'attachments' }],
    serviceUrls: { attachments: url, push: NOWHERE },
  }
}

/** Sends `payload` through three nodes to `server`. */
function ask(
  running: TestGateway,
  server: { host: string; port: number },
  payload = Buffer.from('payload'),
): ReturnType<typeof send> {
  const path = [0, 1, 2].map((index) => nodeAt(running, index))
  return send(`${running.tls(0)}/onion_req/v2`, { body: serverRequest(path, server, payload) })
}

describe('the exit to an own service', () => {
  it('posts the complete layer and gives the answer back untouched', async () => {
    const backend = await startBackend((response) => response.end(Buffer.from([0, 1, 2, 255])))
    const running = await start(withAttachments(backend.url))
    const reply = await ask(running, FILES)
    expect([reply.status, toHex(reply.body)]).toEqual([200, '000102ff'])
    const [request] = backend.received
    expect(request).toMatchObject({ path: '/oxen/v4/lsrpc', type: 'application/octet-stream' })
    const control = JSON.parse(parseFrame(request?.body ?? Buffer.alloc(0)).control.toString()) as unknown
    expect(control).toMatchObject({ host: FILES.host, target: '/oxen/v4/lsrpc', enc_type: TYPE })
  })

  it('finds it by the public URL that it announces', async () => {
    const backend = await startBackend((response) => response.end('found'))
    const keys = { pubkeyEd25519: 'aa'.repeat(32), pubkeyX25519: 'bb'.repeat(32) }
    const running = await start({ serviceUrls: { attachments: backend.url, push: NOWHERE } }, async (service) => {
      if (service === 'push') throw new Error('nobody listens')
      return { url: 'http://127.0.0.1:3001', ...keys }
    })
    expect((await ask(running, { host: '127.0.0.1', port: 3001 })).text).toBe('found')
    expect((await ask(running, { host: '127.0.0.1', port: 3002 })).status).toBe(502)
  })

  it.each([
    [200, 200],
    [400, 400],
    [404, 404],
    [413, 413],
    [502, 502],
    [507, 500],
    [201, 500],
    [302, 500],
    [425, 500],
  ])('status %d reaches the client over relays as %d', async (status, seen) => {
    const backend = await startBackend((response) => response.writeHead(status, { location: '/elsewhere' }).end('text'))
    const running = await start(withAttachments(backend.url))
    const reply = await ask(running, FILES)
    expect([reply.status, reply.text]).toEqual([seen, 'text'])
    expect(backend.received).toHaveLength(1)
  })

  it('keeps every status when the guard is the exit itself', async () => {
    const backend = await startBackend((response) => response.writeHead(507).end('full'))
    const running = await start(withAttachments(backend.url))
    const body = serverRequest([nodeAt(running, 0)], FILES, Buffer.from('x'))
    expect((await send(`${running.tls(0)}/onion_req/v2`, { body })).status).toBe(507)
  })

  it('carries ten megabytes there and back', async () => {
    const large = nativeCrypto.randomBytes(10_000_000)
    const backend = await startBackend((response) => response.end(large))
    const running = await start(withAttachments(backend.url))
    const reply = await ask(running, FILES, Buffer.from(large))
    expect(reply.status).toBe(200)
    expect(Buffer.compare(reply.body, large)).toBe(0)
    expect(parseFrame(backend.received[0]?.body ?? Buffer.alloc(0)).blob).toHaveLength(10_000_040)
  })

  it('says 502 when nobody listens', async () => {
    const running = await start(withAttachments(NOWHERE))
    const reply = await ask(running, FILES)
    expect([reply.status, reply.reason, reply.text]).toEqual([502, 'Bad Gateway', 'Bad Gateway'])
  })

  it('says 504 when there is no answer in time', async () => {
    const backend = await startBackend(() => {})
    const running = await start({ ...withAttachments(backend.url), exitTimeoutMs: 100 })
    expect((await ask(running, FILES)).status).toBe(504)
  })

  it('breaks off when the service does', async () => {
    const backend = await startBackend((response) => {
      response.writeHead(200, { 'content-length': 1_000 })
      response.write('part')
      setImmediate(() => response.destroy())
    })
    const running = await start(withAttachments(backend.url))
    await expect(ask(running, FILES)).rejects.toThrow()
  })
})

describe('the exit to an outside server', () => {
  it('reaches a listed one', async () => {
    const backend = await startBackend((response) => response.writeHead(400).end('from outside'))
    const port = Number(backend.url.port)
    const running = await start({ exitAllow: [{ host: '127.0.0.1', port }] })
    const reply = await ask(running, { host: '127.0.0.1', port })
    expect([reply.status, reply.text]).toEqual([400, 'from outside'])
  })

  it('follows no redirect', async () => {
    const backend = await startBackend((response) => response.writeHead(302, { location: '/oxen/other' }).end())
    const port = Number(backend.url.port)
    const running = await start({ exitAllow: [{ host: '127.0.0.1', port }] })
    expect((await ask(running, { host: '127.0.0.1', port })).status).toBe(500)
    expect(backend.received).toHaveLength(1)
  })

  it('says 502 when it cannot be reached and 504 when it is silent', async () => {
    const silent = await startBackend(() => {})
    const port = Number(silent.url.port)
    const exitAllow = [
      { host: '127.0.0.1', port },
      { host: '127.0.0.1', port: 9 },
    ]
    const running = await start({ exitAllow, exitTimeoutMs: 100 })
    expect((await ask(running, { host: '127.0.0.1', port: 9 })).status).toBe(502)
    expect((await ask(running, { host: '127.0.0.1', port })).status).toBe(504)
  })

  it.each([
    [99, 200],
    [100, 200],
    [101, 502],
  ])('an answer of %d bytes gets %d where 100 are allowed', async (length, status) => {
    const backend = await startBackend((response) => response.end(Buffer.alloc(length, 0x61)))
    const port = Number(backend.url.port)
    const running = await start({ exitAllow: [{ host: '127.0.0.1', port }], outsideReplyLimit: 100 })
    expect((await ask(running, { host: '127.0.0.1', port })).status).toBe(status)
  })
})

describe('hosts that are not served', () => {
  it.each(['open.getsession.org', '127.0.0.1', 'localhost', '169.254.169.254', '[::1]'])(
    '%s is refused with the reason phrase that costs no path',
    async (host) => {
      const backend = await startBackend((response) => response.end('reached'))
      const running = await start({})
      const reply = await ask(running, { host, port: Number(backend.url.port) })
      expect([reply.status, reply.reason, reply.text]).toEqual([502, 'Bad Gateway', 'Bad Gateway'])
      expect(backend.received).toHaveLength(0)
    },
  )

  it.each(['filev2.getsession.org', 'networkv1.getsession.org', 'not_set_yet', 'FileV2.getsession.org'])(
    '%s gets bytes that nobody can decrypt',
    async (host) => {
      const running = await start({})
      const replies = [await ask(running, { host, port: 80 }), await ask(running, { host, port: 80 })]
      for (const { status, body } of replies) {
        expect(status).toBe(200)
        expect(body.length).toBeGreaterThanOrEqual(128)
        const key = { type: TYPE, key: new Uint8Array(32) }
        expect(() => decryptLayer(nativeCrypto, key, body)).toThrow()
      }
      expect(replies[0]?.body).not.toEqual(replies[1]?.body)
    },
  )

  it('filev2.getsession.org is served when it is one of our names', async () => {
    const backend = await startBackend((response) => response.end('ours'))
    const host = 'filev2.getsession.org'
    const running = await start({
      ...withAttachments(backend.url),
      exitHosts: [{ pattern: { host, port: undefined }, service: 'attachments' }],
    })
    expect((await ask(running, { host, port: 80 })).text).toBe('ours')
  })
})
