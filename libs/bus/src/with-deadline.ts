import { RequestTimeoutError } from './errors.ts'
import type { RequestOptions } from './transport.ts'

/**
 * Starts `work` and settles as it does, unless the time is over first (`RequestTimeoutError`) or the signal aborts (its reason).
 * With a signal that has aborted already, the work is not started.
 */
export async function withDeadline<Result>(
  subject: string,
  options: RequestOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const { signal, timeoutMs } = options
  signal?.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Result>()
  const abort = (): void => reject(signal?.reason)
  const timer = setTimeout(() => reject(new RequestTimeoutError(`no answer on ${subject} in time`)), timeoutMs)
  signal?.addEventListener('abort', abort, { once: true })
  work().then(resolve, reject)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
