import { PeriodicTask } from '#runtime'
import type { Mailboxes } from '#stores'

export interface PurgerOptions {
  readonly mailboxes: Pick<Mailboxes, 'removeExpired'>
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Between two purges, in milliseconds. */
  readonly intervalMs: number
  readonly purged: (count: number) => void
  readonly failed: (error: unknown) => void
}

/** Messages that one step removes: few enough that no request waits noticeably for it. */
const STEP = 100

/**
 * Removes what has expired, in the background and in small steps. Nobody sees expired messages before: this gives their room back.
 */
export function createPurger({ mailboxes, now, intervalMs, purged, failed }: PurgerOptions): PeriodicTask {
  return new PeriodicTask({
    intervalMs,
    failed,
    async run(isStopped) {
      const until = now()
      let total = 0
      for (let removed = STEP; removed === STEP && !isStopped();) {
        removed = await mailboxes.removeExpired(until, STEP)
        total += removed
        // Requests that have come meanwhile go first.
        await new Promise((resolve) => setImmediate(resolve))
      }
      if (total > 0) purged(total)
    },
  })
}
