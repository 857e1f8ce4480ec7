import { type NodeRecord, STORAGE_VERSION, type StorageVersion } from '../../nodes/node-record.ts'
import { encodeActiveNodesBin } from '../../nodes/active-nodes.ts'
import { type SwarmBody } from '../swarms/describe-swarm.ts'
import { type ReplyContext, type RpcReply, successReply } from './rpc-reply.ts'
import { WireBytes, type WireMembers } from './wire-value.ts'

/** The reply to `get_expiries`, without time (mailbox RPC §4.8): the expiry of each message that exists, in milliseconds. */
export function getExpiriesReply(expiries: ReadonlyMap<string, number>): RpcReply {
  return { status: 200, body: { expiries: Object.fromEntries(expiries) } }
}

/** The reply to `info` (mailbox RPC §4.11). */
export function infoReply(context: ReplyContext, version: StorageVersion = STORAGE_VERSION): RpcReply {
  return successReply({ version, timestamp: context.now }, context)
}

/** The reply to `get_swarm` (mailbox RPC §4.13). */
export function getSwarmReply(body: SwarmBody): RpcReply {
  return { status: 200, body }
}

/** The reply to `active_nodes_bin` (mailbox RPC §4.14). */
export function activeNodesBinReply(nodes: Iterable<NodeRecord>): RpcReply {
  return { status: 200, body: new WireBytes(encodeActiveNodesBin(nodes), 'base64') }
}

/** The reply to `oxend_request` with what the daemon says, which is plain JSON (mailbox RPC §4.12). */
export function oxendReply(result: object, context: ReplyContext): RpcReply {
  return successReply({ result: result as WireMembers }, context)
}
