import { RuntimeError } from '../errors/runtime-error.ts'

/** Too many bytes are in flight, and waiting for room took too long or too many wait already. Trying again later may help. */
export class BudgetExhaustedError extends RuntimeError {
  override readonly name = 'BudgetExhaustedError'
  readonly code = 'BUDGET_EXHAUSTED'
  constructor() {
    super('too many bytes are in flight')
  }
}

interface Waiter {
  readonly bytes: number
  readonly grant: (reservation: Reservation) => void
}

/** Bytes that are taken until `release`, which may be called more than once. */
export interface Reservation {
  release(): void
}

/**
 * Bounds the bytes of all bodies that are held in memory at once. Waiters are served in order, so a large body is not starved by small ones; how many may
 * wait is bounded too.
 */
export class ByteBudget {
  #used = 0
  readonly #waiters: Waiter[] = []

  constructor(
    readonly limit: number,
    private readonly maxWaiting = 1000,
  ) {}

  /** Bytes reserved at the moment. */
  get used(): number {
    return this.#used
  }

  get waiting(): number {
    return this.#waiters.length
  }

  /** Takes `bytes` at once, or returns undefined when there is no room or somebody waits already. Throws RangeError for no number of bytes. */
  tryReserve(bytes: number): Reservation | undefined {
    assertBytes(bytes)
    if (this.#waiters.length > 0 || !this.#fits(bytes)) return undefined
    return this.#take(bytes)
  }

  /**
   * Takes `bytes` as soon as there is room.
   *
   * @param signal ends the waiting; pass one that carries the request's deadline
   * @throws BudgetExhaustedError when `bytes` can never fit, too many wait, or the signal aborts first
   * @throws RangeError when `bytes` is no number of bytes
   */
  async reserve(bytes: number, signal?: AbortSignal): Promise<Reservation> {
    const now = this.tryReserve(bytes)
    if (now) return now
    if (bytes > this.limit || this.#waiters.length >= this.maxWaiting || signal?.aborted) {
      throw new BudgetExhaustedError()
    }
    return new Promise((resolve, reject) => {
      const give = (): void => {
        const index = this.#waiters.indexOf(waiter)
        if (index >= 0) this.#waiters.splice(index, 1)
        reject(new BudgetExhaustedError())
        this.#serve()
      }
      const waiter: Waiter = {
        bytes,
        grant: (reservation) => {
          signal?.removeEventListener('abort', give)
          resolve(reservation)
        },
      }
      signal?.addEventListener('abort', give, { once: true })
      this.#waiters.push(waiter)
    })
  }

  #fits(bytes: number): boolean {
    return this.#used + bytes <= this.limit
  }

  #take(bytes: number): Reservation {
    this.#used += bytes
    let held = true
    return {
      release: () => {
        if (!held) return
        held = false
        this.#used -= bytes
        this.#serve()
      },
    }
  }

  #serve(): void {
    for (let next = this.#waiters[0]; next && this.#fits(next.bytes); next = this.#waiters[0]) {
      this.#waiters.shift()
      next.grant(this.#take(next.bytes))
    }
  }
}

/** A negative or broken number would corrupt the sum, or wait for ever at the head of the queue. */
function assertBytes(bytes: number): void {
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw new RangeError('bytes must be a whole number that is not negative')
  }
}
