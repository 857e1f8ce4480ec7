/** Rings once at the earliest of the moments it was set to; one timer. */
export class Alarm {
  #timer: NodeJS.Timeout | undefined
  #ringsAt = Infinity

  /** @param monotonic milliseconds on a clock that never goes back */
  constructor(
    private readonly monotonic: () => number,
    private readonly ring: () => void,
  ) {}

  get isSet(): boolean {
    return this.#timer !== undefined
  }

  /** Rings in `delayMs` at the latest. */
  setWithin(delayMs: number): void {
    const ringsAt = this.monotonic() + delayMs
    if (ringsAt >= this.#ringsAt) return
    clearTimeout(this.#timer)
    this.#ringsAt = ringsAt
    this.#timer = setTimeout(() => {
      this.cancel()
      this.ring()
    }, delayMs).unref()
  }

  cancel(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#ringsAt = Infinity
  }
}
