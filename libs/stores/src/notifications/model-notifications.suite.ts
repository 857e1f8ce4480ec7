import { NOTIFICATION_ENDS, type NewNotification, type NotificationEnd } from './notifications.ts'
import { labelOf } from './suite/samples.suite.ts'

interface Row {
  readonly label: string
  readonly service: string
  readonly device: string
  readonly acceptedAt: number
  dueAt: number
  attempts: number
  isTaken: boolean
}

/** What a store of notifications is to do, in the plainest words: the model that adapters are compared with. All wait in order of acceptance. */
export class ModelNotifications {
  readonly #windowMs: number
  readonly #seen = new Map<string, number>()
  readonly #books = new Map<string, number[]>()
  rows: Row[] = []
  /** The clock of the steps. */
  now = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  accept(notifications: readonly NewNotification[]): number {
    const generation = Math.floor(this.now / this.#windowMs)
    const fresh = notifications.filter((one) => {
      const key = Buffer.from(one.duplicateKey).toString('hex')
      const seen = this.#seen.get(key)
      if (seen !== undefined && generation - seen <= 1) return false
      this.#seen.set(key, generation)
      return true
    })
    for (const { service, device, content } of fresh) {
      const times = { acceptedAt: this.now, dueAt: this.now }
      const label = labelOf({ content })
      const hex = Buffer.from(device).toString('hex')
      this.rows.push({ label, service, device: hex, ...times, attempts: 0, isTaken: false })
      this.#count(service, 0)
    }
    return fresh.length
  }

  take(service: string, limit: number, leaseMs: number): Row[] {
    const due = this.rows.filter((row) => row.service === service && row.dueAt <= this.now)
    const taken = due.sort((one, other) => one.dueAt - other.dueAt).slice(0, limit)
    for (const row of taken) {
      row.dueAt = this.now + leaseMs
      row.isTaken = true
    }
    return taken
  }

  /** Ends rows that are still there; how many. */
  end(gone: readonly Row[], end: NotificationEnd): number {
    const there = this.rows.filter((row) => gone.includes(row))
    this.rows = this.rows.filter((row) => !gone.includes(row))
    for (const { service } of there) this.#count(service, 1 + NOTIFICATION_ENDS.indexOf(end))
    return there.length
  }

  postpone(row: Row, dueAt: number, attempts: number): void {
    Object.assign(row, { dueAt, attempts, isTaken: false })
  }

  endDevice(service: string, device: string, acceptedUntil: number): number {
    const gone = this.rows.filter((row) => row.service === service && row.device === device)
    return this.end(
      gone.filter(({ acceptedAt }) => acceptedAt <= acceptedUntil),
      'token-dead',
    )
  }

  endOlder(service: string, acceptedUntil: number, limit: number): number {
    const old = this.rows.filter((row) => row.service === service && !row.isTaken && row.acceptedAt <= acceptedUntil)
    old.sort((one, other) => one.acceptedAt - other.acceptedAt)
    return this.end(old.slice(0, limit), 'expired')
  }

  nextDue(service: string): number | undefined {
    const times = this.rows.filter((row) => row.service === service).map(({ dueAt }) => dueAt)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Accepted, then the ends in their order, then waiting. */
  books(service: string): readonly number[] {
    const counts = this.#books.get(service)
    return counts === undefined ? [] : [...counts, this.rows.filter((row) => row.service === service).length]
  }

  #count(service: string, index: number): void {
    const counts = this.#books.get(service) ?? [0, 0, 0, 0, 0]
    counts[index] = (counts[index] ?? 0) + 1
    this.#books.set(service, counts)
  }
}

export type { Row as ModelRow }
