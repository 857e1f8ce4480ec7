import { type SwarmEntry } from '../nodes/swarm-entry.ts'
import { type ReplyContext, type RpcReply, successReply } from './rpc-reply.ts'
import { WireNodes } from './wire-value.ts'

/** The reply to a request that every node of the swarm carries out, but for `store` and `delete` (mailbox RPC §6). */
export function swarmReply(entries: readonly SwarmEntry[], context: ReplyContext): RpcReply {
  return successReply({ swarm: new WireNodes(entries.map(({ node, members }) => [node, members])) }, context)
}
