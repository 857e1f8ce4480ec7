/**
 * Subscriptions in one SQLite file.
 *
 * `subscriptions` has one row a subscription. Its number begins with the first bits of the account, so that those of an account lie side by side and are
 * found with one search; the rest is the lowest number that was free. The row decides whose it is. `subscriptions_by_device` has the first bytes of
 * the device, which tell apart all but a few; `subscriptions_by_age` serves the sweep. `counts` has the number of rows of each
 * service. `namespaces` is what `packNamespaces` makes. `unsubscriptions` has the time of the last unsubscription of an account and a device;
 * `unsubscriptions_by_age` serves the sweep.
 *
 * Lifetimes: a row stays until it is removed or swept; readers compare `signed_at` with the time they are given. A row of `counts` stays for ever. An unsubscription
 * stays until the device subscribes again, until it is swept as old as a subscription, or until its account has too many later ones.
 *
 * Invariants: an account and a device are together in one row only, which the one writer looks up before it adds; `counts` agrees with the rows: a
 * trigger takes off what is removed, what is added is counted by hand, since a trigger would be slower; a device with an unsubscription has no row in
 * `subscriptions` but an expired one.
 * Every change is part of a group commit (WAL, `synchronous=FULL`) and on disk when its promise resolves; reads see committed state only.
 */
import { StoreDatabase } from '../../sqlite/store-database.ts'
import { assertLimits, type SubscriptionLimits } from '../limits.ts'
import type { Subscriptions } from '../subscriptions.ts'
import { SUBSCRIPTIONS_DATABASE } from './schema.ts'
import { SqliteSubscriptions } from './sqlite-subscriptions.ts'
import { Tables } from './tables.ts'

export interface SqliteSubscriptionsOptions extends SubscriptionLimits {
  /** The database file; it is created when missing, with mode 0600. */
  readonly path: string
  /** Most bytes the database may have; no limit but the disk's by default. */
  readonly maxBytes?: number
}

/**
 * Opens or creates the database. Throws `StoreCorruptError` when it is damaged, foreign or made by a newer version, and
 * `StoreUnavailableError` when it cannot be opened; a `RangeError` for limits that it cannot keep.
 */
export async function openSqliteSubscriptions({
  path,
  maxBytes,
  ...limits
}: SqliteSubscriptionsOptions): Promise<Subscriptions> {
  assertLimits(limits)
  const { database, tables } = StoreDatabase.open(
    path,
    SUBSCRIPTIONS_DATABASE,
    maxBytes,
    (opened) => new Tables(opened),
  )
  return new SqliteSubscriptions(database, tables, limits)
}
