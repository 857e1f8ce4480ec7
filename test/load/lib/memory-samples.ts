/** Resident memory of this process, in bytes, from the moment this was made. */
export class MemorySamples {
  readonly #begin = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly #settleMs: number
  #settled: number | undefined
  #peak = 0

  /** What the process needs anyway it has after `settleSeconds`: from then on it should stay as it is. */
  constructor(settleSeconds: number) {
    this.#settleMs = settleSeconds * 1_000
    this.#timer = setInterval(() => this.#sample(), 100)
  }

  /** Memory at the end of the settling time, and the most there was after it. */
  stop(): { readonly settled: number; readonly peak: number } {
    clearInterval(this.#timer)
    this.#sample()
    return { settled: this.#settled ?? NaN, peak: this.#peak }
  }

  #sample(): void {
    if (performance.now() - this.#begin < this.#settleMs) return
    const resident = process.memoryUsage.rss()
    this.#settled ??= resident
    this.#peak = Math.max(this.#peak, resident)
  }
}
