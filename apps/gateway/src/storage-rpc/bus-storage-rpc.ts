import { type BusClient, storageRpc, type StorageRpcReply } from '#bus'
import type { OwnNode } from '#nodes'
import type { StorageRpc } from './storage-rpc.ts'

/** Storage requests are answered by any replica of the core, over the bus. */
export class BusStorageRpc implements StorageRpc {
  /** `timeoutMs` has to exceed the longest time a client may wait for messages. */
  constructor(
    private readonly bus: BusClient,
    private readonly timeoutMs: number,
  ) {}

  handle({ keys }: OwnNode, text: Uint8Array): Promise<StorageRpcReply> {
    return this.bus.request(storageRpc, { node: keys.ed25519Public, text }, { timeoutMs: this.timeoutMs })
  }
}

/** The storage RPC of the core behind `bus`; an answer that takes longer than `timeoutMs` counts as none. */
export function storageRpcOverBus(bus: BusClient, timeoutMs: number): StorageRpc {
  return new BusStorageRpc(bus, timeoutMs)
}
