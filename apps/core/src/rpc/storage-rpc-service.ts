import type { StorageRpcReply, StorageRpcRequest } from '#bus'
import { utf8 } from '#crypto'
import {
  errorReply,
  type MailboxRequest,
  parseMailboxRequest,
  replyJson,
  replyJsonText,
  RpcError,
  type RpcReply,
  WireBytes,
} from '#protocol'
import type { SwarmNetwork } from '../network.ts'
import type { RpcExecutor } from './rpc-executor.ts'

/** Counts answers; `method` is one that the protocol knows, or `unknown`. */
export interface RpcObserver {
  answered(method: string, status: number, milliseconds: number): void
  now(): number
}

/** The storage RPC from the bytes of a request to the bytes of its answer. */
export class StorageRpcService {
  constructor(
    private readonly network: SwarmNetwork,
    private readonly executor: RpcExecutor,
    private readonly observer: RpcObserver,
  ) {}

  /** Answers a request to one of the own nodes. What the client did wrong is an answer. */
  async handle({ node: key, text }: StorageRpcRequest): Promise<StorageRpcReply> {
    const start = this.observer.now()
    const parsed = parse(text)
    const reply = 'refusal' in parsed ? parsed.refusal : await this.#run(parsed.request, key)
    const method = 'refusal' in parsed ? 'unknown' : parsed.request.method
    this.observer.answered(method, reply.status, this.observer.now() - start)
    const { status, body } = reply
    if (typeof body === 'string') return { status, isJson: false, body: utf8(body) }
    // Bytes alone are a text too: `active_nodes_bin`.
    if (body instanceof WireBytes) return { status, isJson: false, body: utf8(String(replyJson(reply))) }
    return { status, isJson: true, body: utf8(replyJsonText(reply)) }
  }

  async #run(request: MailboxRequest, key: Uint8Array): Promise<RpcReply> {
    const node = this.network.served(key)
    // Only a gateway that is configured for other nodes than this core asks for one that is not here.
    if (node === undefined) return { status: 503, body: 'Service node is not ready: unknown to its storage\n' }
    return this.executor.run(request, node)
  }
}

function parse(text: Uint8Array): { readonly request: MailboxRequest } | { readonly refusal: RpcReply } {
  try {
    return { request: parseMailboxRequest(text) }
  } catch (error) {
    if (error instanceof RpcError) return { refusal: errorReply(error) }
    throw error
  }
}
