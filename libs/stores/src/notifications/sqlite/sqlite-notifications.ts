import { StoreFullError } from '../../errors.ts'
import type { StoreDatabase } from '../../sqlite/store-database.ts'
import type {
  NewNotification,
  NotificationBooks,
  NotificationEnd,
  Notifications,
  TakenNotification,
  TakeOptions,
} from '../notifications.ts'
import { accept } from './accept.ts'
import type { NotificationRow } from './notification-table.ts'
import type { Tables } from './tables.ts'
import { type Place, TakenRows } from './taken-rows.ts'

/** Keys of the filter that are forgotten at a time. */
const FORGOTTEN_AT_ONCE = 10_000

/** Notifications over an open database, which they close. */
export class SqliteNotifications implements Notifications {
  readonly #database: StoreDatabase
  readonly #tables: Tables
  readonly #capacity: number
  readonly #taken = new Map<string, TakenRows>()

  constructor(database: StoreDatabase, tables: Tables, capacity: number) {
    this.#database = database
    this.#tables = tables
    this.#capacity = capacity
  }

  async accept(notifications: readonly NewNotification[], now: number): Promise<number> {
    const acceptance = await this.#database.write(() => accept(this.#tables, notifications, this.#capacity, now))
    // A clock that went back puts new rows before the place where the search begins.
    for (const taken of this.#taken.values()) taken.rewind({ dueAt: now, id: Infinity })
    if (acceptance.isFull) throw new StoreFullError('the queue of a push service is full')
    return acceptance.accepted
  }

  async take(service: string, { limit, now, leaseMs }: TakeOptions): Promise<readonly TakenNotification[]> {
    return this.#database.read(() => {
      const number = this.#tables.services.find(service)?.number
      if (number === undefined) return []
      const taken = this.#takenOf(service)
      const rows = this.#longestDue(number, taken, now, limit)
      for (const { place, row } of rows) {
        if (!taken.has(row.id)) taken.advance(place)
        taken.take(row.id, now + leaseMs)
      }
      return rows.map(({ row }) => toTaken(service, row))
    })
  }

  async end(notifications: readonly TakenNotification[], end: NotificationEnd): Promise<number> {
    const ids = groupByService(notifications)
    // In no hurry: an end that a crash takes back means that a device hears twice, and nobody waits for it.
    const ended = await this.#database.writeWithNext(() => {
      let sum = 0
      for (const [service, some] of ids) sum += this.#remove(service, some, end)
      return sum
    })
    for (const [service, some] of ids) this.#release(service, some)
    return ended
  }

  async postpone(
    { service, id }: TakenNotification,
    { dueAt, attempts }: { readonly dueAt: number; readonly attempts: number },
  ): Promise<void> {
    await this.#database.writeWithNext(() => this.#tables.notifications.postpone(Number(id), dueAt, attempts))
    const taken = this.#takenOf(service)
    taken.release(Number(id))
    taken.rewind({ dueAt, id: Number(id) })
  }

  async endDevice(service: string, device: Uint8Array, acceptedUntil: number): Promise<number> {
    const ids = await this.#database.write(() => {
      const number = this.#tables.services.find(service)?.number
      if (number === undefined) return []
      const removed = this.#tables.notifications.removeDevice(number, device, acceptedUntil)
      this.#tables.services.countEnded(number, 'token-dead', removed.length)
      return removed
    })
    this.#release(service, ids)
    return ids.length
  }

  async endOlder(service: string, acceptedUntil: number, limit: number): Promise<number> {
    return this.#database.write(() => {
      const number = this.#tables.services.find(service)?.number
      if (number === undefined) return 0
      const taken = this.#takenOf(service)
      const ids = this.#tables.notifications.listOld(number, acceptedUntil, limit, (id) => taken.has(id))
      return this.#remove(service, ids, 'expired')
    })
  }

  async nextDue(service: string): Promise<number | undefined> {
    return this.#database.read(() => {
      const number = this.#tables.services.find(service)?.number
      if (number === undefined) return undefined
      const taken = this.#takenOf(service)
      const due = this.#tables.notifications.nextDue(number, taken.position, (id) => taken.has(id))
      const times = [due, taken.nextOver()].filter((time) => time !== undefined)
      return times.length === 0 ? undefined : Math.min(...times)
    })
  }

  async books(): Promise<ReadonlyMap<string, NotificationBooks>> {
    return this.#database.read(() => this.#tables.services.books())
  }

  async forgetDuplicates(now: number): Promise<void> {
    return this.#database.writeWithNext(() => this.#tables.filter.removeForgotten(now, FORGOTTEN_AT_ONCE))
  }

  async check(): Promise<void> {
    this.#database.read(() => this.#tables.services.find(''))
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  #takenOf(service: string): TakenRows {
    const taken = this.#taken.get(service) ?? new TakenRows()
    this.#taken.set(service, taken)
    return taken
  }

  /** Rows that are due, not taken or with a lease that has run out; such a row is due since then. */
  #longestDue(number: number, taken: TakenRows, now: number, limit: number): { place: Place; row: NotificationRow }[] {
    const { notifications } = this.#tables
    const isTaken = (id: number): boolean => taken.has(id)
    const rows = notifications
      .listDue(number, taken.position, now, limit, isTaken)
      .map((row) => ({ place: { dueAt: row.dueAt, id: row.id }, row }))
    const again = taken.over(now, limit).flatMap((place) => {
      const row = notifications.find(place.id)
      return row === undefined ? [] : [{ place, row }]
    })
    if (again.length === 0) return rows
    const all = [...again, ...rows].sort(
      ({ place: one }, { place: other }) => one.dueAt - other.dueAt || one.id - other.id,
    )
    return all.slice(0, limit)
  }

  /** Removes rows of a service and counts those that were there; a step inside a transaction of the caller. */
  #remove(service: string, ids: readonly number[], end: NotificationEnd): number {
    const number = this.#tables.services.find(service)?.number
    if (number === undefined) return 0
    let removed = 0
    for (const id of ids) if (this.#tables.notifications.remove(id)) removed += 1
    if (removed > 0) this.#tables.services.countEnded(number, end, removed)
    return removed
  }

  #release(service: string, ids: readonly number[]): void {
    const taken = this.#takenOf(service)
    for (const id of ids) taken.release(id)
  }
}

function toTaken(service: string, row: NotificationRow): TakenNotification {
  const { id, device, attempts, acceptedAt, expiresAt, content } = row
  return { id: String(id), service, device, attempts, acceptedAt, expiresAt, content }
}

function groupByService(notifications: readonly TakenNotification[]): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  for (const { service, id } of notifications) {
    const group = groups.get(service) ?? []
    group.push(Number(id))
    groups.set(service, group)
  }
  return groups
}
