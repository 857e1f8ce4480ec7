import {
  BusyError,
  BusUnavailableError,
  NoResponderError,
  PayloadTooLargeError,
  RequestTimeoutError,
  type StorageRpcReply,
} from '#bus'
import { utf8 } from '#crypto'
import type { OwnNode } from '#nodes'
import { STORAGE_UNAVAILABLE } from '#protocol'
import type { RefusalCode, StorageObserver } from './storage-observer.ts'
import type { StorageRpc } from './storage-rpc.ts'

/** The answer when the service behind the RPC has failed (mailbox RPC §1.1). */
export const REQUEST_FAILED = textReply(500, 'request failed')
const UNAVAILABLE = textReply(503, STORAGE_UNAVAILABLE)
const TOO_LARGE = textReply(413, 'Request body too large')

const REFUSALS = [
  [NoResponderError, 'BUS_NO_RESPONDER', UNAVAILABLE],
  [BusUnavailableError, 'BUS_UNAVAILABLE', UNAVAILABLE],
  [RequestTimeoutError, 'BUS_TIMEOUT', UNAVAILABLE],
  [BusyError, 'BUS_BUSY', UNAVAILABLE],
  [PayloadTooLargeError, 'BUS_PAYLOAD_TOO_LARGE', TOO_LARGE],
] as const satisfies readonly (readonly [abstract new (...args: never) => Error, RefusalCode, StorageRpcReply])[]

/** What `node` answers to the storage request `text`, whatever happens behind it; it never rejects (mailbox RPC §1.1, §1.2). */
export async function answerStorageRpc(
  storageRpc: StorageRpc,
  observer: StorageObserver,
  node: OwnNode,
  text: Uint8Array,
): Promise<StorageRpcReply> {
  try {
    return await storageRpc.handle(node, text)
  } catch (error) {
    const refusal = REFUSALS.find(([type]) => error instanceof type)
    if (refusal === undefined) {
      observer.failed('storage-rpc', error)
      return REQUEST_FAILED
    }
    const [, code, reply] = refusal
    observer.storageRefused(code)
    return reply
  }
}

function textReply(status: number, text: string): StorageRpcReply {
  return { status, isJson: false, body: utf8(text) }
}
