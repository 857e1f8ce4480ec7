/** How many answers the offset is taken from (mailbox RPC §9). */
const SAMPLES = 10
/** Times outside are no times in milliseconds: September 2001 and the year 5138. */
const EARLIEST = 1_000_000_000_000
const LATEST = 100_000_000_000_000

/**
 * The time of the network, learnt from the `t` of its answers. The median of the last ten differences counts, so that neither a slow answer nor
 * a single node that lies moves it.
 */
export class ClockOffset {
  readonly #now: () => number
  #samples: readonly number[] = []

  /** `now`: the clock of this device, in milliseconds since the Unix epoch. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** What is added to the clock of this device, in milliseconds; 0 as long as nothing is known. */
  get offset(): number {
    const sorted = this.#samples.toSorted((a, b) => a - b)
    const middle = sorted.length >> 1
    const upper = sorted[middle] ?? 0
    return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? 0) + upper) / 2)
  }

  /** The time of the network, in whole milliseconds. */
  now(): number {
    return Math.round(this.#now() + this.offset)
  }

  /** Takes the time a node gave in an answer to a request that was sent at `sentAt` by the clock of this device; ignores what is none. */
  observe(time: unknown, sentAt: number): void {
    if (typeof time !== 'number' || !Number.isInteger(time) || time < EARLIEST || time > LATEST) return
    const halfway = (sentAt + this.#now()) / 2
    this.#samples = [...this.#samples, Math.round(time - halfway)].slice(-SAMPLES)
  }

  /** Forgets everything: what was learnt has proved wrong. */
  reset(): void {
    this.#samples = []
  }
}
