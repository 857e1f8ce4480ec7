import type { StorageRpcReply } from '#bus'
import { utf8 } from '#crypto'
import type { NodeDirectory, OwnNode } from '#nodes'
import { parseRpcCall } from './envelope.ts'
import type { RpcMethod } from './method.ts'
import { getSwarm } from './methods/get-swarm.ts'
import { info } from './methods/info.ts'
import { oxendRequest } from './methods/oxend-request.ts'
import { RpcError } from './rpc-error.ts'
import type { StorageRpc } from './storage-rpc.ts'

const METHODS: ReadonlyMap<string, RpcMethod> = new Map([
  ['info', info],
  ['get_swarm', getSwarm],
  ['get_snodes_for_pubkey', getSwarm],
  ['oxend_request', oxendRequest],
])

/** The hard fork that clients adapt to: 19.4 is the first with groups and several expiries at once (mailbox RPC §2.5, §11). */
const HARD_FORK = [19, 4] as const

/** The part of the storage RPC that needs no mailboxes: what a gateway can say of the network by itself. */
export class LocalStorageRpc implements StorageRpc {
  /** `now` gives milliseconds since 1970. */
  constructor(
    private readonly directory: NodeDirectory,
    private readonly now: () => number,
  ) {}

  async handle(_node: OwnNode, text: Uint8Array): Promise<StorageRpcReply> {
    try {
      const { method, params } = parseRpcCall(text)
      const run = METHODS.get(method)
      if (run === undefined) throw new RpcError(`no method ${method}`)
      const now = this.now()
      const body = { ...run(params, { directory: this.directory, now }), t: now, hf: HARD_FORK }
      return { status: 200, isJson: true, body: utf8(JSON.stringify(body)) }
    } catch (error) {
      if (error instanceof RpcError) return { status: 400, isJson: false, body: utf8(error.message) }
      throw error
    }
  }
}
