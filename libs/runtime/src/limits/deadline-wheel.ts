/** A deadline that can be moved on or called off. */
export interface Deadline {
  /** Starts the time anew, for example because another piece of a body arrived. */
  renew(): void
  cancel(): void
}

interface Entry extends Deadline {
  dueTick: number
}

/**
 * Deadlines of many requests with one timer: it ticks once per `resolutionMs` while there is at least one deadline, so that a request costs two
 * entries in a set and no timer of its own. A deadline may be late by one tick.
 */
export class DeadlineWheel {
  readonly #slots = new Map<number, Set<Entry & { expire: () => void }>>()
  #tick = 0
  #live = 0
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly resolutionMs = 1000) {}

  /** Calls `expire` once, about `afterMs` from now or from the last `renew`. */
  start(afterMs: number, expire: () => void): Deadline {
    const ticks = Math.max(1, Math.ceil(afterMs / this.resolutionMs)) + 1
    const entry = {
      dueTick: this.#tick + ticks,
      expire,
      // Moving an entry between slots for every piece of a body would cost more than looking again when the old slot comes up.
      renew: () => {
        // After the end there is nothing to renew: an entry that came back to life would be counted twice.
        if (entry.dueTick < 0) return
        entry.dueTick = this.#tick + ticks
      },
      cancel: () => {
        if (entry.dueTick < 0) return
        entry.dueTick = -1
        this.#slots.get(entry.slot)?.delete(entry)
        this.#left()
      },
      slot: 0,
    }
    this.#place(entry)
    this.#live++
    this.#timer ??= setInterval(() => this.#turn(), this.resolutionMs).unref()
    return entry
  }

  #place(entry: Entry & { expire: () => void; slot: number }): void {
    entry.slot = entry.dueTick
    const slot = this.#slots.get(entry.slot) ?? new Set()
    slot.add(entry)
    this.#slots.set(entry.slot, slot)
  }

  #left(): void {
    if (--this.#live > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#slots.clear()
  }

  #turn(): void {
    this.#tick++
    const due = this.#slots.get(this.#tick)
    this.#slots.delete(this.#tick)
    for (const entry of due ?? []) {
      if (entry.dueTick > this.#tick) this.#place(entry as Entry & { expire: () => void; slot: number })
      else if (entry.dueTick >= 0) {
        entry.dueTick = -1
        this.#left()
        entry.expire()
      }
    }
  }
}
