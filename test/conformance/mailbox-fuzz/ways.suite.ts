import { type Pool } from 'undici'
import { type BusClient, storageRpc } from '#bus'
import { fromUtf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import type { OwnNode } from '#nodes'
import { decodeNodeReply, encodeFrame } from '#protocol'
import { guardRequest } from '../../../apps/gateway/src/testing.suite.ts'

/** What came back, opened as far as the asker can. */
export interface WayAnswer {
  /** Outer status first, then those within. */
  readonly statuses: readonly number[]
  readonly text: string
}

/** Changes the bytes of a request at some level of its way; level 0 is its text, each further one is wrapped around. */
export type Alter = (bytes: Uint8Array, level: number) => Uint8Array

/** A way in. */
export interface Way {
  readonly name: string
  readonly levels: number
  /** Sends the text of a request, which may be altered at each level. Rejects when no answer comes. */
  send(text: Uint8Array, alter: Alter): Promise<WayAnswer>
}

export function busWay(bus: BusClient, { keys }: OwnNode): Way {
  return {
    name: 'the bus',
    levels: 1,
    async send(text, alter) {
      const request = { node: keys.ed25519Public, text: alter(text, 0) }
      const { status, body } = await bus.request(storageRpc, request, { timeoutMs: 30_000 })
      return opened([status], body)
    },
  }
}

export function plainWay(pool: Pool): Way {
  return {
    name: 'plain RPC',
    levels: 1,
    async send(text, alter) {
      const { status, body } = await post(pool, '/storage_rpc/v1', alter(text, 0))
      return opened([status], body)
    },
  }
}

/** The node is guard and destination: the text, the content of the layer, and the body of the request can be altered. */
export function onionWay(pool: Pool, node: OwnNode): Way {
  return {
    name: 'one onion layer',
    levels: 3,
    async send(text, alter) {
      const layer = alter(encodeFrame(alter(text, 0), '{"body":null,"headers":{"Content-Type":"application/json"}}'), 1)
      const { body: request, key } = guardRequest(node, layer, { type: 'aes-gcm' })
      const { status, body } = await post(pool, '/onion_req/v2', alter(request, 2))
      if (status !== 200) return opened([status], body)
      const reply = decodeNodeReply(nativeCrypto, key, body)
      const inner = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body)
      return opened([status, reply.status], inner)
    },
  }
}

async function post(pool: Pool, path: string, request: Uint8Array): Promise<{ status: number; body: Uint8Array }> {
  const { statusCode, body } = await pool.request({ method: 'POST', path, body: request })
  return { status: statusCode, body: await body.bytes() }
}

interface Combined {
  readonly results?: readonly { readonly code?: number }[]
  readonly result?: { readonly code?: number; readonly body?: unknown }
}

function opened(outer: readonly number[], body: Uint8Array | string): WayAnswer {
  const text = typeof body === 'string' ? body : fromUtf8(body)
  if (text === undefined) throw new Error('the answer is no UTF-8')
  return { statuses: [...outer, ...(text.startsWith('{') ? codesIn(JSON.parse(text)) : [])], text }
}

/** The statuses of the results of `batch`, `sequence` and `ifelse`. */
function codesIn(body: unknown): number[] {
  if (typeof body !== 'object' || body === null) return []
  const { results = [], result } = body as Combined
  return [...results, ...(result === undefined ? [] : [result])].flatMap((each) => [
    ...(each.code === undefined ? [] : [each.code]),
    ...codesIn((each as { body?: unknown }).body),
  ])
}
