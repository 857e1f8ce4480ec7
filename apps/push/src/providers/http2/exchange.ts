import type { OutgoingHttpHeaders } from 'node:http2'
import type { SendOutcome } from '../provider.ts'

export interface Http2Request {
  readonly headers: OutgoingHttpHeaders
  readonly body: string
}

export interface Http2Reply {
  readonly status: number
  /** Empty for a reply with status 200; else what came, up to 16,384 characters. */
  readonly body: string
  /** The header of that name. */
  readonly retryAfter?: string | undefined
}

/** A reply whose status has come; the end of its body may be missing, because the stream or the connection broke. */
export interface ReceivedReply extends Http2Reply {
  readonly isComplete: boolean
}

/** What becomes of a notification whose request got no reply. */
export type NoReply = Extract<SendOutcome, { readonly kind: 'retry' | 'busy' }>
