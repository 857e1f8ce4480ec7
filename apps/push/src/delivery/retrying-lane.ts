import { withJitter } from './retry-table.ts'

export interface RetryingLaneOptions<Item> {
  /** Does what the items ask for and returns those for which it has failed. Never rejects. */
  readonly run: (items: readonly Item[]) => Promise<readonly Item[]>
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/** Milliseconds before what has failed is tried again; doubled with each failure in a row. */
const FIRST_PAUSE_MS = 100
const MAX_PAUSE_MS = 5_000

/**
 * Does work that must not be lost while the store is away: one round at a time with all that has gathered, and what fails again in a later round. Whoever adds
 * bounds how much there is.
 */
export class RetryingLane<Item> {
  readonly #options: RetryingLaneOptions<Item>
  #waiting: Item[] = []
  #running: Promise<void> | undefined
  #isFinishing = false
  #endPause: (() => void) | undefined

  constructor(options: RetryingLaneOptions<Item>) {
    this.#options = options
  }

  add(item: Item): void {
    this.#waiting.push(item)
    this.#running ??= this.#work()
  }

  /** Resolves when everything was tried once more; what fails from now on is dropped. */
  async finish(): Promise<void> {
    this.#isFinishing = true
    this.#endPause?.()
    await this.#running
  }

  async #work(): Promise<void> {
    // What is added in the same turn goes together.
    await new Promise((resolve) => setImmediate(resolve))
    let failures = 0
    while (this.#waiting.length > 0) {
      const items = this.#waiting
      this.#waiting = []
      const wasLast = this.#isFinishing
      const failed = await this.#options.run(items)
      if (failed.length === 0) failures = 0
      else if (!wasLast) {
        this.#waiting = [...failed, ...this.#waiting]
        await this.#pause(failures++)
      }
    }
    this.#running = undefined
  }

  async #pause(failures: number): Promise<void> {
    if (this.#isFinishing) return
    const pauseMs = withJitter(Math.min(FIRST_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS), this.#options.random)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#endPause = undefined
  }
}
