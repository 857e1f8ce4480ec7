import type { StorageRpcReply } from '#bus'
import type { OwnNode } from '#nodes'

/** Runs storage requests as one of the own nodes. */
export interface StorageRpc {
  /**
   * `text` is the request as the client sent it; the gateway does not look at it. What a client does wrong is an answer; rejects when there
   * is nobody to answer, with the errors of the bus.
   */
  handle(node: OwnNode, text: Uint8Array): Promise<StorageRpcReply>
}
