import type { DeadlineWheel } from '#runtime'

/** How long a peer may stay silent, on a clock that all exchanges share. */
export interface StallDeadline {
  /** Calls `expire` after the deadline unless the function it returns is called before. */
  start(expire: () => void): () => void
}

/** A deadline of `milliseconds` on the wheel of the process. */
export function stallDeadline(wheel: DeadlineWheel, milliseconds: number): StallDeadline {
  return {
    start(expire) {
      const deadline = wheel.start(milliseconds, expire)
      return () => deadline.cancel()
    },
  }
}
