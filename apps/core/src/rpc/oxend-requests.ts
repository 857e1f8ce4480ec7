import {
  NodeListParamsError,
  type OxendRequest,
  oxendReply,
  parseGetServiceNodesParams,
  type ReplyContext,
  RpcError,
  type RpcReply,
  serviceNodesResult,
  type SwarmNode,
} from '#protocol'
import type { NameResolver } from '../names/name-resolver.ts'

/** What else is asked of a node than mailboxes: the list of nodes, and names (mailbox RPC §4.12). */
export class OxendRequests {
  constructor(
    private readonly nodes: readonly SwarmNode[],
    private readonly names: NameResolver,
    private readonly heightAt: (now: number) => number,
  ) {}

  /** Throws `RpcError` 400 with the text of what is wrong, and 502 when the resolver is not understood. */
  async answer({ endpoint, params }: OxendRequest, context: ReplyContext): Promise<RpcReply> {
    if (endpoint === 'ons_resolve') return oxendReply(await this.names.resolve(params), context)
    return oxendReply(this.#serviceNodes(params, context.now), context)
  }

  #serviceNodes(params: unknown, now: number): object {
    try {
      return serviceNodesResult(this.nodes, parseGetServiceNodesParams(params), this.heightAt(now))
    } catch (cause) {
      if (cause instanceof NodeListParamsError) throw new RpcError(400, cause.message, { cause })
      throw cause
    }
  }
}
