/**
 * The first attempt and ten more, one for each of the base delays of 1, 2, 4 … 512 s (push §7.4): whoever has failed eleven times, after
 * some 17 minutes, is given up.
 */
export const MAX_ATTEMPTS = 11

/** A provider that asks for more than an hour is asked again after an hour. */
const MAX_RETRY_AFTER_MS = 3_600_000

/** Milliseconds that a provider's `Retry-After` makes us wait: what it says, up to an hour; 0 when it says nothing. */
export function retryAfter(afterMs: number | undefined): number {
  return Math.min(Math.max(afterMs ?? 0, 0), MAX_RETRY_AFTER_MS)
}

/** `delayMs` times 0.75 to 1.25, so that what failed together does not come back together. */
export function withJitter(delayMs: number, random: () => number): number {
  return delayMs * (0.75 + random() / 2)
}

/**
 * Milliseconds before the next attempt, whole.
 *
 * @param failures attempts that have failed, 1 to 10
 * @param afterMs the least delay, if the provider has named one
 * @param random uniform in [0, 1)
 */
export function retryDelay(failures: number, afterMs: number | undefined, random: () => number): number {
  const delay = withJitter(1_000 * 2 ** (failures - 1), random)
  return Math.ceil(Math.max(delay, retryAfter(afterMs)))
}
