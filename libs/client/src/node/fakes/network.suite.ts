import { type KeyPair, toHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  decryptLayer,
  deriveServerLayerKey,
  encodeNodeReply,
  encodeV4Reply,
  encryptLayer,
  type EncryptionType,
  parseFrame,
  parseGuardControl,
  parseLayerControl,
  parseV4Request,
} from '#protocol'
import { TransportError } from '../../errors.ts'
import { guardByTls, guardByUrl } from '../../onion/guard-url.ts'
import type { ServiceRecord } from '../../nodes/node-source.ts'
import { type FakeNode, hex } from './environment.suite.ts'
import type { Transport, TransportOptions, TransportReply } from '../../transport/transport.ts'

/** A request as the fake server gets it. */
export interface ServedRequest {
  readonly method: string
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface ServedReply {
  readonly code: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A node as it takes part in a request. */
export interface Visit {
  readonly node: FakeNode
  readonly role: 'guard' | 'middle' | 'exit' | 'destination'
}

/** What a node does instead of its work; undefined lets it work. */
export type Interference = (visit: Visit) => TransportReply | 'silence' | undefined

/** An answer in the clear. */
export function plain(status: number, body: string, statusText = ''): TransportReply {
  return { status, statusText, body: utf8(body) }
}

/** Nodes and one server in this process, which open real onions with the real crypto. */
export class FakeNetwork implements Transport {
  /** Requests so far, each with the nodes it came by. */
  readonly visits: Visit[][] = []
  interfere: Interference = () => undefined
  serve: (request: ServedRequest) => ServedReply = () => ({ code: 200, body: utf8('served') })
  answer: (rpc: unknown, node: FakeNode) => { status: number; body: unknown } = () => ({ status: 200, body: {} })
  readonly #nodes: readonly FakeNode[]
  readonly #serverSeed = new Uint8Array(32).fill(200)

  constructor(nodes: readonly FakeNode[]) {
    this.#nodes = nodes
  }

  /** The server as a discovery document names it. */
  get service(): ServiceRecord {
    const ed25519 = toHex(nativeCrypto.ed25519.publicKey(this.#serverSeed))
    return { url: 'http://127.0.0.1:3001', ed25519, x25519: toHex(this.#serverKeys.publicKey) }
  }

  get(): Promise<TransportReply> {
    return Promise.reject(new TransportError('the fake network serves no documents'))
  }

  post(url: string, body: Uint8Array, options: TransportOptions): Promise<TransportReply> {
    const guard = this.#nodes.find((node) => [guardByTls(node), guardByUrl(node)].includes(url))
    if (guard === undefined) return Promise.reject(new TransportError('no such guard'))
    options.onProgress?.({ direction: 'sending', bytes: body.length, total: body.length })
    const trace: Visit[] = []
    this.visits.push(trace)
    const { blob, control } = parseFrame(body)
    const { ephemeralKey, encryptionType } = parseGuardControl(control)
    const reply = this.#visit(guard, trace, blob, ephemeralKey, encryptionType)
    return reply === 'silence' ? Promise.reject(new TransportError('no answer')) : Promise.resolve(reply)
  }

  get #serverKeys(): KeyPair {
    const privateKey = nativeCrypto.ed25519.toX25519PrivateKey(this.#serverSeed)
    return { privateKey, publicKey: nativeCrypto.x25519.publicKey(privateKey) }
  }

  #visit(
    node: FakeNode,
    trace: Visit[],
    blob: Uint8Array,
    ephemeralKey: Uint8Array,
    type: EncryptionType,
  ): TransportReply | 'silence' {
    const keys = { privateKey: node.x25519PrivateKey, publicKey: hex(node.x25519) }
    const key = deriveServerLayerKey(nativeCrypto, type, keys, ephemeralKey)
    const layer = decryptLayer(nativeCrypto, key, blob)
    const inner = parseFrame(layer)
    const control = parseLayerControl(inner.control)
    const roles = {
      destination: 'destination',
      server: 'exit',
      relay: trace.length === 0 ? 'guard' : 'middle',
    } as const
    const visit: Visit = { node, role: roles[control.kind] }
    trace.push(visit)
    const interference = this.interfere(visit)
    if (interference !== undefined) return interference
    if (control.kind === 'server') return this.#serveLayer(layer)
    if (control.kind === 'destination') {
      const reply = this.answer(JSON.parse(new TextDecoder().decode(inner.blob)), node)
      return { status: 200, body: encodeNodeReply(nativeCrypto, key, reply, control) }
    }
    const next = this.#nodes.find(({ ed25519 }) => ed25519 === control.destination)
    if (next === undefined) return plain(502, `Next node not found: ${control.destination}`, 'Bad Gateway')
    return this.#visit(next, trace, inner.blob, control.ephemeralKey, control.encryptionType)
  }

  #serveLayer(layer: Uint8Array): TransportReply {
    const { blob, control } = parseFrame(layer)
    const { ephemeralKey, encryptionType } = parseGuardControl(control)
    const key = deriveServerLayerKey(nativeCrypto, encryptionType, this.#serverKeys, ephemeralKey)
    const request = parseV4Request(decryptLayer(nativeCrypto, key, blob))
    const { code, headers = {}, body } = this.serve({ ...request, body: request.body ?? new Uint8Array() })
    return { status: 200, body: encryptLayer(nativeCrypto, key, encodeV4Reply({ code, headers }, body)) }
  }
}
