/** Bounds how many of something run at once; whoever comes too late is told so at once instead of queueing. */
export class ConcurrencyLimit {
  #running = 0

  constructor(readonly limit: number) {}

  get running(): number {
    return this.#running
  }

  /** A function that gives the place back (more than once does no harm), or undefined when all places are taken. */
  tryEnter(): (() => void) | undefined {
    if (this.#running >= this.limit) return undefined
    this.#running++
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.#running--
    }
  }
}
