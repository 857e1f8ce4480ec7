import { type JsonMembers } from '../../onion/json-members.ts'
import { type RpcError } from '../rpc-error.ts'
import {
  type WireBytes,
  type WireMembers,
  type WireValue,
  wireToBencode,
  wireToJson,
  wireToJsonText,
} from './wire-value.ts'

/** The answer to a request, before it takes one of its two forms. */
export interface RpcReply {
  readonly status: number
  /** A text for most errors, binary data for `active_nodes_bin`, members otherwise (mailbox RPC §1.1). */
  readonly body: string | WireBytes | WireMembers
}

/** What every reply says besides its result (mailbox RPC §2.5). */
export interface ReplyContext {
  /** Server time, in milliseconds. */
  readonly now: number
  /** The network's hard fork, major and minor. */
  readonly hardFork: readonly [number, number]
}

/** A successful reply with time and hard fork. */
export function successReply(members: WireMembers, context: ReplyContext): RpcReply {
  return { status: 200, body: { ...members, t: context.now, hf: context.hardFork } }
}

/** The reply that a refusal stands for. */
export function errorReply(error: RpcError): RpcReply {
  return { status: error.status, body: typeof error.body === 'string' ? error.body : toWire(error.body) }
}

/** The body of a reply as a JSON value: a text is itself. */
export function replyJson(reply: RpcReply): unknown {
  return wireToJson(reply.body)
}

/** The body of a reply as the text of a JSON value; a text is quoted. */
export function replyJsonText(reply: RpcReply): string {
  return wireToJsonText(reply.body)
}

/** The body of a reply in bencode. */
export function replyBencode(reply: RpcReply): Uint8Array {
  return wireToBencode(reply.body)
}

/** Members of a refusal's body: texts, numbers and lists of them, which are the same in both forms. */
function toWire(members: JsonMembers): WireMembers {
  return members as Readonly<Record<string, WireValue>>
}
