import { BadMessageError } from '#bus'
import { type Crypto, fromUtf8 } from '#crypto'
import type { OwnNode } from '#nodes'
import { type DestinationControl, encodeNodeTextReply, type LayerKey, type NodeTextReply } from '#protocol'
import { answerStorageRpc } from '../storage-rpc/answer-storage-rpc.ts'
import type { StorageObserver } from '../storage-rpc/storage-observer.ts'
import type { StorageRpc } from '../storage-rpc/storage-rpc.ts'
import type { OnionReply } from './onion-reply.ts'

/** The last node of a path: runs the storage RPC and seals its answer for the client (onion requests §7.2). */
export class Destination {
  constructor(
    private readonly crypto: Crypto,
    private readonly storageRpc: StorageRpc,
    private readonly observer: StorageObserver,
  ) {}

  /** `rpc` is the text of the request; the answer is sealed with the key of the layer it came in. */
  async answer(node: OwnNode, rpc: Uint8Array, control: DestinationControl, key: LayerKey): Promise<OnionReply> {
    const reply = await this.ask(node, rpc)
    return { status: 200, body: encodeNodeTextReply(this.crypto, key, reply, control) }
  }

  private async ask(node: OwnNode, rpc: Uint8Array): Promise<NodeTextReply> {
    const { status, isJson, body } = await answerStorageRpc(this.storageRpc, this.observer, node, rpc)
    const text = fromUtf8(body)
    if (text !== undefined) return { status, isJson, text }
    this.observer.failed('storage-rpc', new BadMessageError('the answer to a storage request is no UTF-8'))
    return { status: 500, isJson: false, text: 'request failed' }
  }
}
