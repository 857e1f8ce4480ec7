import { utf8 } from '#crypto'
import type { OnionObserver } from '../../onion/onion-observer.ts'
import { REQUEST_FAILED, type StorageRpc } from '../../storage-rpc/storage-rpc.ts'
import { type NodeRoute, textAnswer } from '../node-door.ts'

/** `POST /storage_rpc/v1` (mailbox RPC §1): the RPC without an onion around it. */
export function storageRpcRoute(storageRpc: StorageRpc, observer: OnionObserver): NodeRoute {
  return {
    method: 'POST',
    path: '/storage_rpc/v1',
    needsReadiness: true,
    answer: async (node, { headers }, body) => {
      if (headers['x-loki-long-poll']) return textAnswer(410, LONG_POLL_GONE)
      const reply = await storageRpc.handle(node.index, body).catch((error: unknown) => {
        observer.failed('storage-rpc', error)
        return REQUEST_FAILED
      })
      if (typeof reply.body === 'string') return textAnswer(reply.status, reply.body)
      return { status: reply.status, headers: JSON_HEADERS, body: utf8(JSON.stringify(reply.body)) }
    },
  }
}

const LONG_POLL_GONE = 'long polling is no longer supported, client upgrade required'
const JSON_HEADERS = { 'content-type': 'application/json' }
