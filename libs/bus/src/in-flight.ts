/** Counts work in flight, so that it can be bounded and waited for. */
export class InFlight {
  readonly max: number
  #count = 0
  #waiters: (() => void)[] = []

  constructor(max: number) {
    this.max = max
  }

  get free(): number {
    return this.max - this.#count
  }

  /** Runs `work` as one piece of work in flight. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#count += 1
    try {
      return await work()
    } finally {
      this.#count -= 1
      this.#wake()
    }
  }

  /** Resolves when at least one place is free. */
  async whenFree(): Promise<void> {
    while (this.free <= 0) await this.#change()
  }

  /** Resolves when nothing is in flight. */
  async whenIdle(): Promise<void> {
    while (this.#count > 0) await this.#change()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }
}
