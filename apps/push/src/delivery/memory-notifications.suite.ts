import type {
  NewNotification,
  NotificationBooks,
  NotificationEnd,
  Notifications,
  TakenNotification,
  TakeOptions,
} from '#stores'

interface Row extends TakenNotification {
  readonly order: number
  dueAt: number
  leaseUntil: number
  attempts: number
}

interface Books {
  accepted: number
  readonly ends: Record<NotificationEnd, number>
}

/** The queues in memory, as the port describes them and without a thought for speed. The duplicate filter never forgets. */
export class MemoryNotifications implements Notifications {
  readonly rows = new Map<string, Row>()
  /** What became of each that has left, by id. */
  readonly ended = new Map<string, NotificationEnd>()
  /** Thrown by every method while it is set. */
  failure: Error | undefined
  /** Methods called, by name. */
  readonly calls = new Map<string, number>()
  readonly #seen = new Set<string>()
  readonly #books = new Map<string, Books>()
  #accepted = 0

  async accept(notifications: readonly NewNotification[], now: number): Promise<number> {
    this.#call('accept')
    let count = 0
    for (const notification of notifications) {
      const key = Buffer.from(notification.duplicateKey).toString('hex')
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      count++
      const id = String(++this.#accepted)
      const times = { acceptedAt: now, dueAt: now, leaseUntil: 0 }
      this.rows.set(id, { ...notification, ...times, id, order: this.#accepted, attempts: 0 })
      this.#booksOf(notification.service).accepted++
    }
    return count
  }

  async take(service: string, { limit, now, leaseMs }: TakeOptions): Promise<readonly TakenNotification[]> {
    this.#call('take')
    const due = [...this.rows.values()]
      .filter((row) => row.service === service && row.dueAt <= now && row.leaseUntil <= now)
      .sort((one, other) => one.dueAt - other.dueAt || one.order - other.order)
      .slice(0, limit)
    for (const row of due) row.leaseUntil = now + leaseMs
    return due.map((row) => ({ ...row }))
  }

  async end(notifications: readonly TakenNotification[], end: NotificationEnd): Promise<number> {
    this.#call('end')
    return notifications.filter(({ id }) => this.#end(id, end)).length
  }

  async postpone({ id }: TakenNotification, options: { dueAt: number; attempts: number }): Promise<void> {
    this.#call('postpone')
    const row = this.rows.get(id)
    if (row !== undefined) Object.assign(row, options, { leaseUntil: 0 })
  }

  async endDevice(service: string, device: Uint8Array, acceptedUntil: number): Promise<number> {
    this.#call('endDevice')
    const gone = [...this.rows.values()].filter(
      (row) => row.service === service && Buffer.compare(row.device, device) === 0 && row.acceptedAt <= acceptedUntil,
    )
    return gone.filter(({ id }) => this.#end(id, 'token-dead')).length
  }

  async endOlder(service: string, acceptedUntil: number, limit: number): Promise<number> {
    this.#call('endOlder')
    const old = [...this.rows.values()].filter((row) => row.service === service && row.acceptedAt <= acceptedUntil)
    return old.slice(0, limit).filter(({ id }) => this.#end(id, 'expired')).length
  }

  async nextDue(service: string): Promise<number | undefined> {
    this.#call('nextDue')
    const rows = [...this.rows.values()].filter((row) => row.service === service)
    const moments = rows.map(({ dueAt, leaseUntil }) => (leaseUntil > 0 ? leaseUntil : dueAt))
    return moments.length === 0 ? undefined : Math.min(...moments)
  }

  async books(): Promise<ReadonlyMap<string, NotificationBooks>> {
    const waiting = (service: string): number => [...this.rows.values()].filter((row) => row.service === service).length
    return new Map([...this.#books].map(([service, books]) => [service, { ...books, waiting: waiting(service) }]))
  }

  async forgetDuplicates(): Promise<void> {}
  async check(): Promise<void> {}
  async close(): Promise<void> {}

  #call(method: string): void {
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1)
    if (this.failure !== undefined) throw this.failure
  }

  #end(id: string, end: NotificationEnd): boolean {
    const row = this.rows.get(id)
    if (row === undefined) return false
    this.rows.delete(id)
    this.ended.set(id, end)
    this.#booksOf(row.service).ends[end]++
    return true
  }

  #booksOf(service: string): Books {
    const known = this.#books.get(service)
    if (known !== undefined) return known
    const books = { accepted: 0, ends: { 'handed-over': 0, expired: 0, 'token-dead': 0, 'given-up': 0 } }
    this.#books.set(service, books)
    return books
  }
}
