/** Where a row stands in the order in which rows are taken. */
export interface Place {
  readonly dueAt: number
  readonly id: number
}

interface Lease {
  readonly id: number
  readonly until: number
}

/** Leases that may be left in the order after their end before they are cleared away; spares short lists the trouble. */
const SLACK = 64

/**
 * What this process has taken of one service, in memory: it ends with the process. Rows at or before `position` are all taken, so that a search
 * for others begins there, however many are taken or wait.
 */
export class TakenRows {
  #position: Place = { dueAt: -Infinity, id: 0 }
  readonly #leases = new Map<number, Lease>()
  /** Leases by their end; those that `#leases` does not have are over. */
  #order: Lease[] = []

  get position(): Place {
    return this.#position
  }

  has(id: number): boolean {
    return this.#leases.has(id)
  }

  /** Up to `limit` leases that have run out, the first to do so first. */
  over(now: number, limit: number): Place[] {
    const places: Place[] = []
    for (const lease of this.#order) {
      if (lease.until > now || places.length === limit) break
      if (this.#isLive(lease)) places.push({ dueAt: lease.until, id: lease.id })
    }
    return places
  }

  /** When the next lease runs out. */
  nextOver(): number | undefined {
    return this.#order.find((lease) => this.#isLive(lease))?.until
  }

  /** Takes a row that is not taken or whose lease has run out. */
  take(id: number, until: number): void {
    const lease = { id, until }
    this.#leases.set(id, lease)
    this.#clear()
    // Almost always the last one, since leases are as long as each other.
    let index = this.#order.length
    while (index > 0 && isAfter(this.#order[index - 1], lease)) index -= 1
    this.#order.splice(index, 0, lease)
  }

  /** All rows at or before the place are taken now. */
  advance(place: Place): void {
    this.#position = { dueAt: place.dueAt, id: place.id }
  }

  /** A row that is not taken has come to the place. */
  rewind({ dueAt, id }: Place): void {
    const { dueAt: last, id: lastId } = this.#position
    if (dueAt < last || (dueAt === last && id <= lastId)) this.#position = { dueAt, id: 0 }
  }

  release(id: number): void {
    this.#leases.delete(id)
  }

  #isLive(lease: Lease): boolean {
    return this.#leases.get(lease.id) === lease
  }

  #clear(): void {
    if (this.#order.length < 2 * this.#leases.size + SLACK) return
    this.#order = this.#order.filter((lease) => this.#isLive(lease))
  }
}

function isAfter(one: Lease | undefined, other: Lease): boolean {
  return one !== undefined && (one.until > other.until || (one.until === other.until && one.id > other.id))
}
