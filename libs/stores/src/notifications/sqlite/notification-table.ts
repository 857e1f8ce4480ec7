import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { NewNotification } from '../notifications.ts'
import type { Place } from './taken-rows.ts'

export interface NotificationRow {
  readonly id: number
  readonly device: Uint8Array
  readonly attempts: number
  readonly acceptedAt: number
  readonly dueAt: number
  readonly expiresAt: number
  readonly content: Uint8Array
}

/** Tells the rows that a search is to leave out. */
type IsLeftOut = (id: number) => boolean

const COLUMNS = `id, device, attempts, accepted_at AS acceptedAt, due_at AS dueAt, expires_at AS expiresAt, content`

/** The statements over `notifications`, which name a service by its number; methods that change something are steps inside a transaction of the caller. */
export class NotificationTable {
  readonly #add: StatementSync
  readonly #find: StatementSync
  readonly #listDue: StatementSync
  readonly #listPlaces: StatementSync
  readonly #listOld: StatementSync
  readonly #postpone: StatementSync
  readonly #remove: StatementSync
  readonly #removeDevice: StatementSync

  constructor(database: DatabaseSync) {
    this.#add = database.prepare(
      `INSERT INTO notifications (service, device, accepted_at, due_at, expires_at, content) VALUES (?1, ?2, ?3, ?3, ?4, ?5)`,
    )
    this.#find = database.prepare(`SELECT ${COLUMNS} FROM notifications WHERE id = ?`)
    this.#listDue = database.prepare(
      `SELECT ${COLUMNS} FROM notifications INDEXED BY notifications_by_due
       WHERE service = ?1 AND due_at BETWEEN ?2 AND ?4 AND (due_at > ?2 OR id > ?3) ORDER BY due_at, id`,
    )
    this.#listPlaces = database.prepare(
      `SELECT id, due_at AS dueAt FROM notifications INDEXED BY notifications_by_due
       WHERE service = ?1 AND due_at >= ?2 AND (due_at > ?2 OR id > ?3) ORDER BY due_at, id`,
    )
    this.#listOld = database.prepare(
      `SELECT id FROM notifications INDEXED BY notifications_by_age
       WHERE service = ? AND accepted_at <= ? ORDER BY accepted_at, id`,
    )
    this.#postpone = database.prepare('UPDATE notifications SET due_at = ?, attempts = ? WHERE id = ?')
    this.#remove = database.prepare('DELETE FROM notifications WHERE id = ?')
    this.#removeDevice = database.prepare(
      `DELETE FROM notifications INDEXED BY notifications_by_device
       WHERE device = ? AND service = ? AND accepted_at <= ? RETURNING id`,
    )
  }

  /** Adds a notification behind all others; it is due at once. */
  add(service: number, { device, expiresAt, content }: NewNotification, acceptedAt: number): void {
    this.#add.run(service, device, acceptedAt, expiresAt, content)
  }

  find(id: number): NotificationRow | undefined {
    return this.#find.get(id) as NotificationRow | undefined
  }

  /** Up to `limit` rows behind `after` that are due at `now`, in order. */
  listDue(service: number, after: Place, now: number, limit: number, isLeftOut: IsLeftOut): NotificationRow[] {
    const rows: NotificationRow[] = []
    if (limit === 0) return rows
    for (const one of this.#listDue.iterate(service, after.dueAt, after.id, now)) {
      const row = one as unknown as NotificationRow
      if (isLeftOut(row.id)) continue
      rows.push(row)
      if (rows.length === limit) break
    }
    return rows
  }

  /** When the first row behind `after` is due. */
  nextDue(service: number, after: Place, isLeftOut: IsLeftOut): number | undefined {
    for (const one of this.#listPlaces.iterate(service, after.dueAt, after.id)) {
      const { id, dueAt } = one as unknown as Place
      if (!isLeftOut(id)) return dueAt
    }
    return undefined
  }

  /** Up to `limit` rows that were accepted at or before a time, the oldest first. */
  listOld(service: number, acceptedUntil: number, limit: number, isLeftOut: IsLeftOut): number[] {
    const ids: number[] = []
    if (limit === 0) return ids
    for (const { id } of this.#listOld.iterate(service, acceptedUntil)) {
      if (isLeftOut(Number(id))) continue
      ids.push(Number(id))
      if (ids.length === limit) break
    }
    return ids
  }

  postpone(id: number, dueAt: number, attempts: number): void {
    this.#postpone.run(dueAt, attempts, id)
  }

  /** Whether the row was there. */
  remove(id: number): boolean {
    return this.#remove.run(id).changes === 1
  }

  /** Removes what was accepted for a device at or before a time; the ids. */
  removeDevice(service: number, device: Uint8Array, acceptedUntil: number): number[] {
    return this.#removeDevice.all(device, service, acceptedUntil).map(({ id }) => Number(id))
  }
}
