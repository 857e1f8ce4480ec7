import type { ServerResponse } from 'node:http'

/** What a push service may do instead of taking a message. */
export type WebPushFault =
  /** Answers with a status: 404 and 410 for a dead subscription, 429, 5xx. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** Takes the message, but answers only after a while. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Reads the request and never answers. */
  | { readonly kind: 'hang' }
  /** Breaks the connection instead of answering. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Takes the message and answers with so many bytes. */
  | { readonly kind: 'oversized'; readonly bytes: number }

/** Answers as the fault wants, or says with false that the message is to be taken in the usual way. */
export function answerWithFault(fault: WebPushFault, response: ServerResponse): boolean {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }).end()
      return true
    case 'redirect':
      response.writeHead(307, { location: fault.location }).end()
      return true
    case 'reset':
      response.socket?.resetAndDestroy()
      return true
    case 'hang':
      return true
    case 'slow':
    case 'oversized':
      return false
  }
}
