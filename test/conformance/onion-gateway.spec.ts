import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { fromUtf8, toHex, utf8 } from '#crypto'
import { createNativeCrypto, nativeCrypto } from '#crypto/native/index'
import { decryptLayer, type EncryptionType, type LayerKey, type NodeKeys, parseEncryptionType } from '#protocol'
import { hex, type NodeVector, type PathVector, vectors } from '#protocol/onion/vectors.suite'
import type { OutsideServers, StorageRpc } from '#apps/gateway'
import {
  BODY_LIMIT,
  jsonReply,
  textReply,
  guardRequest,
  send,
  startTestGateway,
  takePorts,
  type TestGateway,
  type TestGatewayOptions,
  type TestReply,
} from '../../apps/gateway/src/testing.suite.ts'
import { Readiness } from '../../apps/gateway/src/readiness.ts'
import { createCertificate } from '../../apps/gateway/src/tls/certificate.ts'

const EXPECTED_CASES = { paths: 7, negative: 45, path_errors: 9, target_filter: 11 }

interface PathError {
  readonly when: string
  readonly http_status: number
  readonly body?: string
  readonly body_prefix?: string
}
const pathErrors = (vectors as unknown as { readonly path_errors: readonly PathError[] }).path_errors

const [firstPath] = vectors.paths
const hops = firstPath?.hops ?? []

function nodeKeys(node: NodeVector): NodeKeys {
  return {
    ed25519Seed: hex(node.ed25519_seed),
    ed25519Public: hex(node.ed25519_public),
    x25519: { privateKey: hex(node.x25519_private), publicKey: hex(node.x25519_public) },
  }
}

/** Own nodes of a path in the order in which they see the request; the guard is the first. */
function nodesOf({ hops: relays, destination }: PathVector): readonly NodeKeys[] {
  const nodes = destination.type === 'snode' ? [...relays, destination] : relays
  return nodes.map(nodeKeys)
}

let started: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of started.reverse()) await stop()
  started = []
})

async function start(options: TestGatewayOptions): Promise<TestGateway> {
  const running = await startTestGateway(options)
  started.push(() => running.stop())
  return running
}

/** An outside server on loopback that keeps what it was sent and answers with `answer`. */
class StubServer {
  readonly received: { method: string; path: string; headers: Record<string, unknown>; body: string }[] = []
  answer: { readonly status: number; readonly body: Uint8Array } = { status: 200, body: new Uint8Array(0) }
  private server: Server | undefined

  async listen(): Promise<void> {
    const server = createHttpServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        this.received.push({ method, path: url, headers: { ...headers }, body: toHex(Buffer.concat(pieces)) })
        response.writeHead(this.answer.status).end(this.answer.body)
      })
    })
    this.server = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }

  /** The way out of a deployment in which every name resolves to this server. */
  outside(): OutsideServers {
    return {
      request: async (url, { method, headers, body }) => {
        const { port } = this.server?.address() as AddressInfo
        const target = `http://127.0.0.1:${port}${url.pathname}`
        const reply = await send(target, { method, headers, ...(body !== undefined && { body }) })
        return { status: reply.status, headers: {}, body: reply.body }
      },
      close: async () => {},
    }
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server?.close(resolve))
  }
}

const stub = new StubServer()
beforeAll(() => stub.listen())
afterAll(() => stub.close())
beforeEach(() => {
  stub.received.length = 0
  stub.answer = { status: 200, body: new Uint8Array(0) }
})

describe('the vector file', () => {
  it.each(Object.entries(EXPECTED_CASES))('has all cases of %s', (member, count) => {
    expect((vectors as unknown as Record<string, readonly unknown[]>)[member]).toHaveLength(count)
  })
})

type Door = (running: TestGateway, body: Uint8Array) => Promise<TestReply>
const DOORS: readonly (readonly [name: string, door: Door])[] = [
  ['TLS', (running, body) => send(`${running.tls(0)}/onion_req/v2`, { body })],
  ['TLS, chunked', (running, body) => send(`${running.tls(0)}/onion_req/v2`, { body, chunked: true })],
  ['HTTP', (running, body) => send(`${running.http(0)}/onion_req/v2`, { body })],
]

describe.each(DOORS)('paths through the door %s', (_name, door) => {
  it.each(vectors.paths.map((path) => [path.name, path] as const))('%s', async (_path, vector) => {
    const { destination, reply, trace_guard_to_end: trace } = vector
    const nonce = hex(reply.nonce)
    const rpcTexts: string[] = []
    const storageRpc: StorageRpc = {
      handle: async ({ index }, text) => {
        rpcTexts.push(`${index} ${fromUtf8(text)}`)
        const { status, body } = JSON.parse(reply.plaintext_text) as { status: number; body: unknown }
        // A body that is a text may have been JSON; either gives the same bytes.
        return typeof body === 'string' ? textReply(body, status) : jsonReply(body, status)
      },
    }
    const running = await start({
      // The only random bytes of the way back are the nonce of the sealed answer.
      crypto: createNativeCrypto({
        randomBytes: (length) => (length === nonce.length ? nonce : nativeCrypto.randomBytes(length)),
      }),
      nodeKeys: nodesOf(vector),
      storageRpc,
      outside: stub.outside(),
      config: destination.type === 'server' ? { exitAllow: [{ host: destination.host, port: destination.port }] } : {},
    })
    stub.answer = { status: 200, body: hex(reply.ciphertext) }

    const answer = await door(running, hex(vector.guard_http.body))

    expect(answer.status).toBe(200)
    expect(reply.wire_encoding === 'base64' ? answer.text : toHex(answer.body)).toBe(reply.wire)
    const last = trace.at(-1)
    if (last?.kind === 'final') {
      expect(rpcTexts).toEqual([`${vector.hops.length} ${last.rpc_body}`])
    } else {
      expect(last?.kind).toBe('proxy')
      expect(stub.received).toHaveLength(1)
      expect(stub.received[0]).toMatchObject({
        method: 'POST',
        path: destination.type === 'server' ? destination.target : '',
        body: last?.kind === 'proxy' ? last.post_body : '',
      })
      expect(stub.received[0]?.headers['content-type']).toBe('application/octet-stream')
      expect(stub.received[0]?.headers['user-agent']).toMatch(/^Oxen Storage Server\/\d+\.\d+\.\d+$/)
    }
  })
})

function typeOf(body: Uint8Array): EncryptionType {
  const control = /\{[^{}]*\}$/.exec(Buffer.from(body).toString('latin1'))?.[0] ?? '{}'
  return parseEncryptionType((JSON.parse(control) as { enc_type?: string }).enc_type)
}

function openBase64(key: LayerKey, text: string): string {
  expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/)
  return fromUtf8(decryptLayer(nativeCrypto, key, Buffer.from(text, 'base64'))) ?? ''
}

describe('wrong requests', () => {
  let running: TestGateway
  beforeAll(async () => {
    running = await startTestGateway({ nodeKeys: hops.map(nodeKeys) })
  })
  afterAll(() => running.stop())

  it.each(vectors.negative.map((vector) => [vector.name, vector] as const))('%s', async (_name, vector) => {
    const { expect: wanted, guard_http_body, reply_key, node } = vector
    const body = hex(guard_http_body)
    const index = hops.findIndex(({ label }) => label === node)
    expect(index).toBeGreaterThanOrEqual(0)

    const answer = await send(`${running.tls(index)}/onion_req/v2`, { body })

    if (wanted.encrypted_for_this_hop) {
      expect(answer.status).toBe(wanted.outer_http_status)
      expect(openBase64({ type: typeOf(body), key: hex(reply_key) }, answer.text)).toBe(wanted.inner_plaintext)
    } else {
      expect(answer.status).toBe(wanted.http_status)
      if (wanted.body !== undefined) expect(answer.text).toBe(wanted.body)
      else expect(answer.text.startsWith(wanted.body_prefix ?? 'missing')).toBe(true)
    }
  })
})

/** A body that goes from the first hop to the second. */
const RELAYED = hex(firstPath?.guard_http.body)

/** A directory file in which the second hop is at `port` of loopback. */
function foreignSecondHop(port: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-foreign-'))
  started.push(async () => rmSync(directory, { recursive: true }))
  const file = join(directory, 'nodes.json')
  const node = { public_ip: '127.0.0.1', storage_port: port, pubkey_ed25519: hops[1]?.ed25519_public, swarm_id: '1' }
  writeFileSync(file, JSON.stringify({ nodes: [node] }))
  return file
}

/** A TLS server that does `serve` with every byte stream it gets. */
async function tlsServer(serve: (reply: (text: string) => void) => void): Promise<number> {
  const port = takePorts(1)
  const server = createTlsServer(createCertificate(Uint8Array.of(1)), (socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => serve((text) => socket.end(text)))
    started.push(async () => void socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  started.push(() => new Promise((resolve) => server.close(() => resolve())))
  return port
}

async function askGuard(options: TestGatewayOptions, body = RELAYED): Promise<TestReply> {
  const running = await start({ nodeKeys: hops.slice(0, 1).map(nodeKeys), ...options })
  return send(`${running.tls(0)}/onion_req/v2`, { body })
}

const PATH_ERRORS: Readonly<Record<string, () => Promise<TestReply>>> = {
  'next hop unknown': () => askGuard({}),
  'next hop known but without contact details (newer nodes)': () =>
    askGuard({ config: { nodesFile: foreignSecondHop(0) } }),
  'next hop silent for 30 s': async () => {
    const port = await tlsServer(() => {})
    return askGuard({ config: { nodesFile: foreignSecondHop(port), relayTimeoutMs: 200 } })
  },
  'next hop answered with fewer than two parts': async () => {
    const port = await tlsServer((reply) => reply('200'))
    return askGuard({ config: { nodesFile: foreignSecondHop(port) } })
  },
  'any hop not ready': async () => {
    const readiness = new Readiness()
    const running = await start({ nodeKeys: hops.map(nodeKeys), readiness })
    const [, second] = running.nodes
    if (second !== undefined) readiness.setNodeReady(second, false)
    return send(`${running.tls(0)}/onion_req/v2`, { body: RELAYED })
  },
  'guard not ready (HTTP)': async () => {
    const readiness = new Readiness()
    const running = await start({ nodeKeys: hops.map(nodeKeys), readiness })
    readiness.drain()
    return send(`${running.tls(0)}/onion_req/v2`, { body: RELAYED })
  },
  'guard overloaded': async () => {
    const entered = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const running = await start({
      config: { inFlight: { requests: 1, bytes: BODY_LIMIT } },
      storageRpc: {
        handle: async () => {
          entered.resolve()
          await release.promise
          return textReply('late')
        },
      },
    })
    const node = running.nodes[0]
    if (node === undefined) throw new Error('there is a node')
    const final = Buffer.concat([Buffer.from([2, 0, 0, 0]), utf8('{}{"headers":""}')])
    const first = send(`${running.tls(0)}/onion_req/v2`, { body: guardRequest(node, final).body })
    await entered.promise
    const second = await send(`${running.tls(0)}/onion_req/v2`, { body: RELAYED })
    release.resolve()
    expect((await first).status).toBe(200)
    return second
  },
  'hop_no above 15': async () => {
    const running = await start({})
    const node = running.nodes[0]
    if (node === undefined) throw new Error('there is a node')
    const { body } = guardRequest(node, utf8('anything'), { hopNumber: 16 })
    return send(`${running.tls(0)}/onion_req/v2`, { body })
  },
  'body above 10485760 bytes': () => askGuard({}, new Uint8Array(BODY_LIMIT + 1)),
}

describe('errors of the path', () => {
  it.each(pathErrors.map((vector) => [vector.when, vector] as const))('%s', async (when, vector) => {
    const provoke = PATH_ERRORS[when]
    if (provoke === undefined) throw new Error('this error is not provoked')
    const answer = await provoke()
    expect(answer.status).toBe(vector.http_status)
    if (vector.body !== undefined) expect(answer.text).toBe(vector.body)
    else expect(answer.text.startsWith(vector.body_prefix ?? 'missing')).toBe(true)
  })
})

describe('targets at the exit', () => {
  it.each(vectors.target_filter.map(({ target, allowed }) => [target, allowed] as const))(
    '%s is allowed: %s',
    async (target, allowed) => {
      const running = await start({
        outside: stub.outside(),
        config: { exitAllow: [{ host: 'server.example', port: undefined }] },
      })
      const node = running.nodes[0]
      if (node === undefined) throw new Error('there is a node')
      stub.answer = { status: 200, body: utf8('from outside') }
      const control = JSON.stringify({ host: 'server.example', target, ephemeral_key: '00'.repeat(32) })
      const { body, key } = guardRequest(node, Buffer.concat([new Uint8Array(4), utf8(control)]))

      const answer = await send(`${running.tls(0)}/onion_req/v2`, { body })

      expect(answer.status).toBe(200)
      if (allowed) expect(answer.text).toBe('from outside')
      else expect(openBase64(key, answer.text)).toBe('{"body":"Invalid url","status":400}')
      expect(stub.received).toHaveLength(allowed ? 1 : 0)
    },
  )
})
