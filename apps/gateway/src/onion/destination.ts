import type { Crypto } from '#crypto'
import { type DestinationControl, encodeNodeReply, type LayerKey } from '#protocol'
import type { OwnNode } from '#nodes'
import { REQUEST_FAILED, type StorageRpc } from '../storage-rpc/storage-rpc.ts'
import type { OnionObserver } from './onion-observer.ts'
import type { OnionReply } from './onion-reply.ts'

/** The last node of a path: runs the storage RPC and seals its answer for the client (onion requests §7.2). */
export class Destination {
  constructor(
    private readonly crypto: Crypto,
    private readonly storageRpc: StorageRpc,
    private readonly observer: OnionObserver,
  ) {}

  /** `rpc` is the text of the request; the answer is sealed with the key of the layer it came in. */
  async answer(node: OwnNode, rpc: Uint8Array, control: DestinationControl, key: LayerKey): Promise<OnionReply> {
    const reply = await this.storageRpc.handle(node.index, rpc).catch((error: unknown) => {
      this.observer.failed('storage-rpc', error)
      return REQUEST_FAILED
    })
    return { status: 200, body: encodeNodeReply(this.crypto, key, reply, control) }
  }
}
