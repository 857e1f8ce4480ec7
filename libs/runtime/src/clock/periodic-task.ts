export interface PeriodicTaskOptions {
  /** Between the end of one run and the begin of the next, in milliseconds. */
  readonly intervalMs: number
  /** One run; long ones look at `isStopped` between their steps. */
  readonly run: (isStopped: () => boolean) => Promise<void>
  /** Hears of a run that failed; the next one comes all the same. Must not throw. */
  readonly failed: (error: unknown) => void
}

/** Work that is done again and again in the background, one run at a time. It keeps no process alive. */
export class PeriodicTask {
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(private readonly options: PeriodicTaskOptions) {}

  /** The first run comes after one interval. */
  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#run()
    }, this.options.intervalMs).unref()
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      await this.options.run(() => this.#isStopped)
    } catch (error) {
      this.options.failed(error)
    }
    if (!this.#isStopped) this.start()
  }
}
