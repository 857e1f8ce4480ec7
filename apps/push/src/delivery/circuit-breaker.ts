import { retryAfter, withJitter } from './retry-table.ts'

export type BreakerState = 'closed' | 'half-open' | 'open'

/** The states as a metric shows them. */
export const BREAKER_STATE_NUMBERS: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 }

/** Between which two changes of the breaker a request began. */
export type BreakerPeriod = number

export interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  readonly threshold: number
  /** Milliseconds for which it opens at first, doubling with each probe that fails. */
  readonly firstMs: number
  readonly maxMs: number
  /** Milliseconds on a clock that never goes back. */
  readonly monotonic: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly changed: (state: BreakerState) => void
}

/**
 * Keeps requests from a provider that is down. Closed, it counts failures in a row; open, it lets nothing through until its time is over; half-open, it
 * lets one probe through, which closes it or opens it for twice as long.
 *
 * A failure counts against a notification only if it leaves the breaker closed. The one that opens it, those of requests that were under way then, and failed
 * probes say nothing about the notification: a provider that is away, for however long, uses up no attempts but the few before the
 * breaker opened. What limits such a notification is its expiry.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions
  #state: BreakerState = 'closed'
  #period: BreakerPeriod = 0
  #failures = 0
  /** How often it has opened since it was last closed. */
  #openings = 0
  #openUntil = 0
  #isProbing = false

  constructor(options: CircuitBreakerOptions) {
    this.#options = options
  }

  get state(): BreakerState {
    return this.#state
  }

  /** Milliseconds until a probe may go; 0 unless open. */
  get opensForMs(): number {
    return this.#state === 'open' ? Math.max(0, this.#openUntil - this.#options.monotonic()) : 0
  }

  /** Whether a request may begin now. */
  get isPassable(): boolean {
    return this.#state === 'closed' || (this.#state === 'half-open' && !this.#isProbing)
  }

  /** Becomes half-open when the time is over. */
  refresh(): void {
    if (this.#state === 'open' && this.opensForMs === 0) this.#change('half-open')
  }

  /** A request begins; its outcome is told with the period it began in. */
  enter(): BreakerPeriod {
    if (this.#state === 'half-open') this.#isProbing = true
    return this.#period
  }

  /** The provider has answered and has no trouble. */
  succeeded(period: BreakerPeriod): void {
    if (period !== this.#period) return
    this.#failures = 0
    this.#openings = 0
    if (this.#state === 'half-open') this.#change('closed')
  }

  /** The request has failed in a way that says nothing about the provider: another may probe. */
  undecided(period: BreakerPeriod): void {
    if (period === this.#period) this.#isProbing = false
  }

  /** The provider has failed; whether that counts against the notification. `afterMs` is what the provider asks for. */
  failed(period: BreakerPeriod, afterMs: number | undefined): boolean {
    if (period === this.#period) {
      if (this.#state === 'closed' && ++this.#failures < this.#options.threshold) return true
      this.#open(afterMs)
    } else if (this.#state === 'open') {
      this.#openUntil = Math.max(this.#openUntil, this.#options.monotonic() + retryAfter(afterMs))
    }
    return false
  }

  #open(afterMs: number | undefined): void {
    const { firstMs, maxMs, monotonic, random } = this.#options
    const openMs = withJitter(Math.min(firstMs * 2 ** this.#openings, maxMs), random)
    this.#openings++
    this.#openUntil = monotonic() + Math.max(openMs, retryAfter(afterMs))
    this.#change('open')
  }

  #change(state: BreakerState): void {
    this.#state = state
    this.#period++
    this.#failures = 0
    this.#isProbing = false
    this.#options.changed(state)
  }
}
