import { type ReplyContext, type RpcReply, successReply } from './rpc-reply.ts'
import { WireBytes } from './wire-value.ts'

/** A message as it is stored. */
export interface RetrievedMessage {
  readonly hash: string
  /** The message time, in milliseconds. */
  readonly timestamp: number
  /** In milliseconds. */
  readonly expiry: number
  readonly data: Uint8Array
}

/** The reply to `retrieve`: messages in order of insertion, and whether there are more (mailbox RPC §4.2). */
export function retrieveReply(messages: readonly RetrievedMessage[], more: boolean, context: ReplyContext): RpcReply {
  const bodies = messages.map(({ data, expiry, hash, timestamp }) => {
    return { hash, timestamp, expiration: expiry, data: new WireBytes(data, 'base64') }
  })
  return successReply({ messages: bodies, more }, context)
}
