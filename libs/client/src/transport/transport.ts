/** Longest answer a transport accepts, in bytes: the base64 of a full onion body, and some room. */
export const MAX_REPLY_SIZE = 16 * 1024 * 1024

export interface TransportReply {
  readonly status: number
  /** Reason phrase of the status line, where the platform shows it. */
  readonly statusText?: string
  readonly body: Uint8Array
}

export interface TransferProgress {
  readonly direction: 'sending' | 'receiving'
  readonly bytes: number
  /** Bytes in all; undefined when the peer does not say. */
  readonly total: number | undefined
}

export interface TransportOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined
}

/**
 * Port: how bytes reach a node or the seed. Any status is an answer; throws `TransportError` when there is none and
 * `RequestAbortedError` when `signal` aborts. Redirects are not followed.
 */
export interface Transport {
  get(url: string, options: TransportOptions): Promise<TransportReply>
  post(url: string, body: Uint8Array, options: TransportOptions): Promise<TransportReply>
}
