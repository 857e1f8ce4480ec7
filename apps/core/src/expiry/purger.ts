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

/** Removes what has expired, in the background and in small steps. Nobody sees expired messages before: this gives their room back. */
export class Purger {
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(private readonly options: PurgerOptions) {}

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.purge()
        .catch((error: unknown) => this.options.failed(error))
        .finally(() => {
          if (!this.#isStopped) this.start()
        })
    }, this.options.intervalMs).unref()
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  /** Removes everything that has expired by now. */
  async purge(): Promise<void> {
    const { mailboxes, now, purged } = this.options
    const until = now()
    let total = 0
    for (let removed = STEP; removed === STEP && !this.#isStopped;) {
      removed = await mailboxes.removeExpired(until, STEP)
      total += removed
      // Requests that have come meanwhile go first.
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (total > 0) purged(total)
  }
}
