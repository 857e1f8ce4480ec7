export interface RequestOptions {
  /** Milliseconds until the request fails with `RequestTimeoutError`. */
  readonly timeoutMs: number
  /** Ends the waiting; the request then fails with the signal's reason. The handler is not told. */
  readonly signal?: AbortSignal
}

/** What a transport does for callers: bytes to a subject, bytes back. Contracts and codecs are the caller's (`BusClient`). */
export interface RequestTransport {
  /**
   * Rejects with `NoResponderError`, `BusyError`, `RequestTimeoutError`, `PayloadTooLargeError`, `BusUnavailableError`,
   * `RemoteError`, or the reason of `options.signal`. The payload is not copied and must not be changed afterwards.
   */
  requestBytes(subject: string, payload: Uint8Array, options: RequestOptions): Promise<Uint8Array>
  /** The same for a value as it is, where both sides are in one process; absent elsewhere. */
  requestValue?(subject: string, value: unknown, options: RequestOptions): Promise<unknown>
  /** Tells every service that listens now; resolves when handed to the transport. Nobody listening is no error. */
  publishBytes(subject: string, payload: Uint8Array): Promise<void>
}

/** What a server hands back to its transport: the reply's bytes, or the code of an error. */
export type Reply = { readonly payload: Uint8Array } | { readonly code: string }

/** The same within a process. */
export type ValueReply = { readonly value: unknown } | { readonly code: string }
