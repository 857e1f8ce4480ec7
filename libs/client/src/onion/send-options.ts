import type { OnionPath } from '../paths/path.ts'
import type { RetryNotice } from '../retry/retry.ts'
import type { TransferProgress } from '../transport/transport.ts'

/** What happens to a request on its way, for those who want to show it. */
export type SendEvent =
  | { readonly kind: 'sent'; readonly path: OnionPath; readonly bytes: number }
  | { readonly kind: 'answered'; readonly path: OnionPath; readonly bytes: number; readonly elapsedMs: number }
  | ({ readonly kind: 'retrying' } & RetryNotice)

export interface SendOptions {
  /** Time one try may take, in milliseconds; default 10,000 (onion requests §8.4). */
  readonly timeoutMs?: number
  /** Time for all tries together, in milliseconds; default 60,000. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined
  readonly onEvent?: ((event: SendEvent) => void) | undefined
}
