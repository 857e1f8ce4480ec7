/**
 * Notifications in one SQLite file that one process holds.
 *
 * `notifications` has one row for each that waits; `id` is the order of acceptance and is never given again. `notifications_by_due` is the order in
 * which they are taken, `notifications_by_age` that in which they become too old; both end with the id, as every index ends with the rowid, and both
 * grow at one end, so that many rows share a page of a commit. `notifications_by_device` finds those of a device. `services` are the books, one row a
 * service. `seen` is the filter: the first 16 bytes of the key, by the generation of its acceptance (generation.ts).
 *
 * What is taken is kept in memory: taking writes nothing, and when the database is opened again nothing is taken.
 *
 * Lifetimes: a notification goes with its end, a key when its generation is over and `forgetDuplicates` comes by, a row of the books never.
 * Pages that become free are used again, so a file that stays busy is as large as it ever had to be. It is not made smaller: that would move
 * pages about under load, and the next outage of a provider would need them again.
 *
 * Invariants: a row of `services` has counted every notification that came and every one that went, in the transaction in which it did; so what
 * waits need not be counted. Every change is part of a group commit (WAL, `synchronous=FULL`) and on disk when its promise resolves.
 */
import { StoreDatabase } from '../../sqlite/store-database.ts'
import type { Notifications } from '../notifications.ts'
import { NOTIFICATIONS_DATABASE } from './schema.ts'
import { SqliteNotifications } from './sqlite-notifications.ts'
import { Tables } from './tables.ts'

export interface SqliteNotificationsOptions {
  /** The database file; it is created when missing, with mode 0600. */
  readonly path: string
  /** Milliseconds for which a duplicate key is remembered at least. */
  readonly duplicateWindowMs: number
  /** Most notifications that may wait for one service. */
  readonly capacity: number
  /** Most bytes the database may have; no limit but the disk's by default. */
  readonly maxBytes?: number
}

/**
 * Opens or creates the database. Throws `StoreCorruptError` when it is damaged, foreign or made by a newer version, and
 * `StoreUnavailableError` when it cannot be opened.
 */
export async function openSqliteNotifications(options: SqliteNotificationsOptions): Promise<Notifications> {
  const { path, duplicateWindowMs, capacity, maxBytes } = options
  const { database, tables } = StoreDatabase.open(
    path,
    NOTIFICATIONS_DATABASE,
    maxBytes,
    (opened) => new Tables(opened, duplicateWindowMs),
  )
  return new SqliteNotifications(database, tables, capacity)
}
