/** What the fake does to a request instead of taking it. */
export type FcmFault =
  /** A real error body: FCM's own word is `reason`, further details come after it. */
  | {
      readonly kind: 'error'
      readonly status: number
      readonly reason?: string
      readonly details?: readonly object[]
      readonly retryAfter?: string
    }
  /** A page of something between FCM and us. */
  | { readonly kind: 'page'; readonly status: number; readonly body: string }
  /** Takes the message, but only after that time. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Breaks the stream (RST_STREAM): with an answer begun, or before. */
  | { readonly kind: 'reset'; readonly afterHeaders?: boolean }
  /** Has not looked at the request (RST_STREAM with REFUSED_STREAM). */
  | { readonly kind: 'refuse-stream' }
  /** Ends the connection with GOAWAY: takes this message first, or leaves it unprocessed. */
  | { readonly kind: 'goaway'; readonly takes: boolean }
  /** Breaks the TCP connection. */
  | { readonly kind: 'disconnect' }

/** What the token endpoint does instead of giving out a token. */
export type TokenFault =
  | { readonly kind: 'error'; readonly status: number; readonly error: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'disconnect' }
