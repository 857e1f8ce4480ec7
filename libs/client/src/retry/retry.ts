import type { ClientEnvironment } from '../environment.ts'
import { type ClientError, DeadlineExceededError, RequestAbortedError } from '../errors.ts'

/** How often and how long something is tried. */
export interface RetryPolicy {
  /** Tries in all. */
  readonly tries: number
  /** Upper bound of the first pause in milliseconds; it doubles with each further one. */
  readonly pauseMs: number
  readonly longestPauseMs: number
}

/** A try that failed and will be followed by another after a pause. */
export interface RetryNotice {
  readonly error: ClientError
  readonly pauseMs: number
}

export interface RetryLimits {
  readonly signal?: AbortSignal | undefined
  /** Time in milliseconds since the Unix epoch after which nothing is begun any more. */
  readonly deadlineAt: number
  readonly onRetry?: ((notice: RetryNotice) => void) | undefined
}

/** What one try came to: a value, an error that another try may cure, or one that it cannot. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'retry'; readonly error: ClientError }
  | { readonly kind: 'abort'; readonly error: ClientError }

/**
 * Calls `attempt` with the milliseconds left until it is done, aborts, or has failed `tries` times; then throws the last error. The pauses
 * are random below their bound, so that clients that failed together do not return together.
 */
export async function retry<T>(
  environment: ClientEnvironment,
  policy: RetryPolicy,
  limits: RetryLimits,
  attempt: (remainingMs: number) => Promise<Outcome<T>>,
): Promise<T> {
  let last: ClientError | undefined
  for (let tried = 1; ; tried++) {
    if (limits.signal?.aborted === true) throw new RequestAbortedError({ cause: limits.signal.reason })
    const remainingMs = limits.deadlineAt - environment.now()
    if (remainingMs <= 0) throw new DeadlineExceededError({ cause: last })
    const outcome = await attempt(remainingMs)
    if (outcome.kind === 'done') return outcome.value
    if (outcome.kind === 'abort' || tried >= policy.tries) throw outcome.error
    last = outcome.error
    const pauseMs = environment.random() * Math.min(policy.longestPauseMs, policy.pauseMs * 2 ** (tried - 1))
    if (environment.now() + pauseMs >= limits.deadlineAt) throw new DeadlineExceededError({ cause: last })
    limits.onRetry?.({ error: outcome.error, pauseMs })
    await environment.sleep(pauseMs, limits.signal)
  }
}
