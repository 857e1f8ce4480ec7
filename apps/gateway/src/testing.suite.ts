import { mkdtempSync, rmSync } from 'node:fs'
import { Agent as HttpAgent, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StorageRpcReply } from '#bus'
import { type Crypto, fromUtf8, toHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  buildOnionRequest,
  deriveClientLayerKey,
  encodeFrame,
  encryptLayer,
  type EncryptionType,
  type LayerKey,
  type NodeKeys,
} from '#protocol'
import { createMetrics, type Metrics, PortUnavailableError, silentLogger } from '#runtime'
import type { GatewayConfig } from './config/gateway-config.ts'
import type { GatewayDependencies } from './dependencies.ts'
import { createGateway, type Gateway } from './gateway.ts'
import type { StorageRpc } from './storage-rpc/storage-rpc.ts'
import { clusterNodeKeys, type OwnNode } from '#nodes'

export const BODY_LIMIT = 10_485_760
/** 2023-11-14T22:13:20Z, in milliseconds. */
export const NOW = 1_700_000_000_000

export interface TestGateway {
  readonly gateway: Gateway
  readonly metrics: Metrics
  readonly nodes: readonly OwnNode[]
  /** URL of a node's TLS port. */
  tls(index: number): string
  /** URL of a node on the HTTP port. */
  http(index: number): string
  readonly httpUrl: string
  stop(): Promise<void>
}

export interface TestGatewayOptions extends Partial<Omit<GatewayDependencies, 'crypto'>> {
  readonly crypto?: Crypto
  readonly config?: Partial<GatewayConfig>
}

/** A 32-byte secret of which every byte is `byte`. */
export function testNodeKeys(count: number, byte = 7): readonly NodeKeys[] {
  return clusterNodeKeys(nativeCrypto, new Uint8Array(32).fill(byte), count)
}

/** The configuration of a gateway on loopback with an empty data directory of its own. */
export function testConfig(dataDirectory: string, nodePortBase: number): GatewayConfig {
  return {
    bindHost: '127.0.0.1',
    publicIp: '127.0.0.1',
    httpPort: 0,
    publicUrl: 'http://127.0.0.1:3000',
    nodePortBase,
    swarmSize: 3,
    nodesFile: undefined,
    certificatesFile: join(dataDirectory, 'gateway', 'node-certificates.json'),
    corsOrigins: [],
    exitHosts: [],
    exitAllow: [],
    serviceUrls: { attachments: new URL('http://127.0.0.1:9'), push: new URL('http://127.0.0.1:9') },
    bodyLimit: BODY_LIMIT,
    inFlight: { requests: 64, bytes: 8 * BODY_LIMIT },
    requestTimeoutMs: 60_000,
    relayTimeoutMs: 30_000,
    storageRpcTimeoutMs: 25_000,
    rpcLimits: { perSecond: 0, burst: 1, tracked: 1 },
    exitTimeoutMs: 25_000,
    outsideReplyLimit: BODY_LIMIT,
    drainMs: 5_000,
  }
}

/** A storage RPC that says which node was asked what: JSON with both in hex. */
export const echoStorageRpc: StorageRpc = {
  handle: async ({ record }, text) => jsonReply({ node: record.pubkeyEd25519, text: toHex(text) }),
}

/** A storage reply whose body is the text `text`. */
export function textReply(text: string, status = 200): StorageRpcReply {
  return { status, isJson: false, body: utf8(text) }
}

/** A storage reply whose body is `value` as JSON. */
export function jsonReply(value: unknown, status = 200): StorageRpcReply {
  return { status, isJson: true, body: utf8(JSON.stringify(value)) }
}

let nextPort = 23_000 + 1_000 * Number(process.env['JEST_WORKER_ID'] ?? 0) + (process.pid % 900)

/** First of `count` ports that were not handed out before. */
export function takePorts(count: number): number {
  nextPort += count
  return nextPort - count
}

/** Starts a gateway on free ports; `stop` ends it and removes its data. */
export async function startTestGateway({ config, ...given }: TestGatewayOptions = {}): Promise<TestGateway> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'sotto-gateway-'))
  const metrics = given.metrics ?? createMetrics({ process: false })
  const dependencies: GatewayDependencies = {
    crypto: nativeCrypto,
    nodeKeys: testNodeKeys(3),
    clock: { now: () => NOW },
    monotonic: performance,
    logger: silentLogger,
    storageRpc: echoStorageRpc,
    describeService: () => Promise.reject(new Error('there are no services')),
    ...given,
    metrics,
  }
  const gateway = await listenSomewhere((portBase) =>
    createGateway({ ...testConfig(dataDirectory, portBase), ...config }, dependencies),
  )
  const nodes = gateway.directory.own
  const httpUrl = `http://127.0.0.1:${gateway.httpPort}`
  return {
    gateway,
    metrics,
    nodes,
    httpUrl,
    tls: (index) => `https://127.0.0.1:${nodes[index]?.record.storagePort}`,
    http: (index) => `${httpUrl}/nodes/${nodes[index]?.record.pubkeyEd25519}`,
    stop: async () => {
      await gateway.stop()
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** Ports cannot be reserved, so another process may have taken one of a range; the next range is tried then. */
async function listenSomewhere(create: (portBase: number) => Promise<Gateway>): Promise<Gateway> {
  for (let attempt = 0; ; attempt++) {
    const gateway = await create(takePorts(16))
    try {
      await gateway.start()
      return gateway
    } catch (error) {
      if (!(error instanceof PortUnavailableError) || attempt === 10) throw error
    }
  }
}

export interface TestReply {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
  readonly text: string
}

export interface SendOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Without `content-length`. */
  readonly chunked?: boolean
}

/** Sends one request on a connection of its own, without looking at the certificate. */
export function send(
  url: string,
  { method = 'POST', headers = {}, body, chunked }: SendOptions = {},
): Promise<TestReply> {
  const { promise, resolve, reject } = Promise.withResolvers<TestReply>()
  const isTls = url.startsWith('https:')
  const outgoing = (isTls ? httpsRequest : httpRequest)(
    url,
    {
      method,
      headers: chunked || body === undefined ? headers : { 'content-length': body.length, ...headers },
      agent: isTls ? new HttpsAgent({ rejectUnauthorized: false }) : new HttpAgent(),
    },
    (incoming) => {
      const pieces: Buffer[] = []
      incoming.on('data', (piece: Buffer) => pieces.push(piece))
      incoming.once('error', reject)
      incoming.once('end', () => {
        const whole = Uint8Array.from(Buffer.concat(pieces))
        resolve({
          status: incoming.statusCode ?? 0,
          reason: incoming.statusMessage ?? '',
          headers: incoming.headers,
          body: whole,
          text: fromUtf8(whole) ?? '',
        })
      })
    },
  )
  outgoing.once('error', reject)
  if (chunked && body !== undefined) {
    const middle = Math.floor(body.length / 2)
    outgoing.write(body.subarray(0, middle))
    outgoing.end(body.subarray(middle))
  } else outgoing.end(body)
  return promise
}

/** A layer for `node` around `plaintext` as the body of a guard request, and the key of the layer. */
export function guardRequest(
  node: OwnNode,
  plaintext: Uint8Array,
  { type = 'xchacha20', hopNumber }: { readonly type?: EncryptionType; readonly hopNumber?: number } = {},
): { readonly body: Uint8Array; readonly key: LayerKey } {
  const ephemeral = nativeCrypto.x25519.generateKeyPair()
  const key = deriveClientLayerKey(nativeCrypto, type, ephemeral, node.keys.x25519.publicKey)
  const control = {
    enc_type: type,
    ephemeral_key: Buffer.from(ephemeral.publicKey).toString('hex'),
    ...(hopNumber !== undefined && { hop_no: hopNumber }),
  }
  return { body: encodeFrame(encryptLayer(nativeCrypto, key, plaintext), JSON.stringify(control)), key }
}

/** The own node number `index`, which is known to exist. */
export function nodeAt({ nodes }: TestGateway, index: number): OwnNode {
  const node = nodes[index]
  if (node === undefined) throw new RangeError('there is no such node')
  return node
}

/** A layer whose reader is the destination of the storage request `rpc`. */
export function destinationLayer(rpc: string): Uint8Array {
  return encodeFrame(utf8(rpc), '{"headers":""}')
}

/** A request for a server through `path`, guard first, and the key of its answer (which nobody here has to know). */
export function serverRequest(
  path: readonly OwnNode[],
  server: { readonly host: string; readonly port: number; readonly target?: string },
  payload: Uint8Array,
): Uint8Array {
  return buildOnionRequest(nativeCrypto, {
    path: path.map(pathNode),
    destination: {
      kind: 'server',
      protocol: 'http',
      target: '/oxen/v4/lsrpc',
      ...server,
      x25519: nativeCrypto.x25519.generateKeyPair().publicKey,
    },
    payload,
    encryptionType: 'xchacha20',
    style: 'library',
  }).body
}

/** A request for the last node of `path`, guard first, and the key of its answer. */
export function nodeRequest(
  path: readonly OwnNode[],
  rpc: string,
): { readonly body: Uint8Array; readonly replyKey: LayerKey } {
  const nodes = path.map(pathNode)
  const destination = nodes.at(-1)
  if (destination === undefined) throw new RangeError('a path needs a node')
  return buildOnionRequest(nativeCrypto, {
    path: nodes.slice(0, -1),
    destination: { kind: 'node', ...destination },
    payload: utf8(rpc),
    encryptionType: 'aes-gcm',
    style: 'desktop',
  })
}

function pathNode({ record, keys }: OwnNode): { readonly ed25519: string; readonly x25519: Uint8Array } {
  return { ed25519: record.pubkeyEd25519, x25519: keys.x25519.publicKey }
}
