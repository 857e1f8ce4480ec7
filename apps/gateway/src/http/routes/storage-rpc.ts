import type { RpcRateLimit } from '../../rate-limit/rpc-rate-limit.ts'
import { answerStorageRpc } from '../../storage-rpc/answer-storage-rpc.ts'
import type { StorageObserver } from '../../storage-rpc/storage-observer.ts'
import type { StorageRpc } from '../../storage-rpc/storage-rpc.ts'
import { type NodeRoute, textAnswer } from '../node-door.ts'

/** `POST /storage_rpc/v1` (mailbox RPC §1): the RPC without an onion around it; `rateLimit` is none when clients are not limited. */
export function storageRpcRoute(
  storageRpc: StorageRpc,
  observer: StorageObserver,
  rateLimit: RpcRateLimit | undefined,
): NodeRoute {
  return {
    method: 'POST',
    path: '/storage_rpc/v1',
    needsReadiness: true,
    admit: (request) => rateLimit?.admit(request),
    answer: async (node, { headers }, text) => {
      if (headers['x-loki-long-poll']) return textAnswer(410, LONG_POLL_GONE)
      const { status, isJson, body } = await answerStorageRpc(storageRpc, observer, node, text)
      return {
        status,
        headers: {
          'content-type': isJson ? 'application/json' : 'text/plain',
          ...(status === 503 && { 'retry-after': RETRY_AFTER_SECONDS }),
        },
        body,
      }
    },
  }
}

const LONG_POLL_GONE = 'long polling is no longer supported, client upgrade required'
const RETRY_AFTER_SECONDS = '1'
