import type { Crypto } from '#crypto'
import { RequestAbortedError } from './errors.ts'

/** What the client takes from its surroundings; tests pass their own clock, chance and sleep. */
export interface ClientEnvironment {
  readonly crypto: Crypto
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** An unpredictable number, at least 0 and below 1: it picks the nodes of paths. */
  readonly random: () => number
  /** Resolves after `ms` milliseconds; throws `RequestAbortedError` as soon as `signal` aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** The environment of a real client: system clock and timers, chance from `crypto`. */
export function systemEnvironment(crypto: Crypto): ClientEnvironment {
  return { crypto, now: () => Date.now(), random: () => fraction(crypto.randomBytes(6)), sleep: systemSleep }
}

function fraction(bytes: Uint8Array): number {
  let value = 0
  for (const byte of bytes) value = value * 256 + byte
  return value / 2 ** (8 * bytes.length)
}

function systemSleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(new RequestAbortedError({ cause: signal?.reason }))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}
