import { ByteBudget, ConcurrencyLimit } from '#runtime'
import { ServerBusyError } from '../errors.ts'
import type { BodyReservation } from './read-body.ts'

export interface InFlightLimits {
  /** Most requests with a body that are answered at the same time. */
  readonly requests: number
  /** Most bytes of request bodies that are held at the same time. */
  readonly bytes: number
}

/** The room that one exchange takes; `leave` gives it back. */
export interface Place extends BodyReservation {
  /** Throws `ServerBusyError`. */
  reserveRequest(): void
  leave(): void
}

/** Counts what the gateway is busy with, and refuses what goes beyond its limits instead of letting it wait. */
export class InFlight {
  private readonly requests: ConcurrencyLimit
  private readonly budget: ByteBudget
  private exchanges = 0
  private waiting: (() => void)[] = []

  constructor(limits: InFlightLimits) {
    this.requests = new ConcurrencyLimit(limits.requests)
    this.budget = new ByteBudget(limits.bytes)
  }

  /** Bytes of request bodies that are held now. */
  get bytes(): number {
    return this.budget.used
  }

  /** Opens the place of one exchange. It takes no room before it reserves some. */
  enter(): Place {
    this.exchanges++
    const releases: (() => void)[] = []
    return {
      reserveRequest: () => {
        const leave = this.requests.tryEnter()
        if (leave === undefined) throw new ServerBusyError()
        releases.push(leave)
      },
      reserve: (bytes) => {
        const reservation = this.budget.tryReserve(bytes)
        if (reservation === undefined) throw new ServerBusyError()
        releases.push(() => reservation.release())
      },
      leave: () => {
        for (const release of releases) release()
        if (--this.exchanges === 0) for (const wake of this.waiting.splice(0)) wake()
      },
    }
  }

  /** Resolves when no exchange is open. */
  async whenIdle(): Promise<void> {
    if (this.exchanges > 0) await new Promise<void>((resolve) => this.waiting.push(resolve))
  }
}
