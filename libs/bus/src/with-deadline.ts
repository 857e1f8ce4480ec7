import { RequestTimeoutError } from './errors.ts'
import type { RequestOptions } from './transport.ts'

/** Calls something off when its time is over; a wheel that many requests share does it with one timer. */
export interface Deadlines {
  /** Calls `expire` once, about `afterMs` milliseconds from now. */
  start(afterMs: number, expire: () => void): { cancel(): void }
}

/** A timer for each. */
export const timers: Deadlines = {
  start(afterMs, expire) {
    const timer = setTimeout(expire, afterMs)
    return { cancel: () => clearTimeout(timer) }
  },
}

/**
 * Starts `work` and settles as it does, unless the time is over first (`RequestTimeoutError`) or the signal aborts (its reason).
 * With a signal that has aborted already, the work is not started.
 */
export async function withDeadline<Result>(
  subject: string,
  options: RequestOptions,
  work: () => Promise<Result>,
  deadlines = timers,
): Promise<Result> {
  const { signal, timeoutMs } = options
  signal?.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Result>()
  const abort = (): void => reject(signal?.reason)
  const expire = (): void => reject(new RequestTimeoutError(`no answer on ${subject} in time`))
  const deadline = deadlines.start(timeoutMs, expire)
  signal?.addEventListener('abort', abort, { once: true })
  work().then(resolve, reject)
  try {
    return await promise
  } finally {
    deadline.cancel()
    signal?.removeEventListener('abort', abort)
  }
}
