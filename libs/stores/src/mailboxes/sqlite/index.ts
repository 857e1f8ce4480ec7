/**
 * Mailboxes in one SQLite file.
 *
 * `messages` has one row a message; `sequence` is the order of insertion, `messages_by_namespace` and `messages_by_age` end with it as
 * every index ends with the rowid. `messages_by_hash` finds a message, `messages_by_namespace` serves readers, `messages_by_age` what
 * quota may remove, `messages_by_expiry` the sweep. `mailboxes` has the number of an account that has messages, expired or not, and what
 * they take up. `revoked_tokens` has the revoked tokens of accounts, the most recent with the largest `position`. `outbox` has the events
 * that wait to be published; the name of an entry is that of the database, from `identity`, and its number, which is never used again.
 *
 * Lifetimes: a message stays until it is swept, deleted, replaced or evicted; readers compare `expiry` with the time they are given. A
 * mailbox goes with its last message, a revoked token when it is taken off the list or too many follow it, an event when it is published.
 *
 * Invariants: a mailbox counts what it has, so nobody ever counts rows: a trigger takes off what is removed, and what is added is counted
 * by hand, since a trigger would make that twice as slow. A message and its event are written together.
 * Every change is part of a group commit (WAL, `synchronous=FULL`) and on disk when its promise resolves; reads see committed state only.
 */
import { StoreDatabase } from '../../sqlite/store-database.ts'
import type { MailboxQuota, Mailboxes } from '../mailboxes.ts'
import { mailboxesDatabase } from './schema.ts'
import { SqliteMailboxes } from './sqlite-mailboxes.ts'
import { Tables } from './tables.ts'

export interface SqliteMailboxesOptions {
  /** The database file; it is created when missing, with mode 0600. */
  readonly path: string
  readonly quota: MailboxQuota
  /** Most bytes the database may have; no limit but the disk's by default. */
  readonly maxBytes?: number
  /** Names a database that is created, so that the entries of its outbox are unique among all databases. */
  readonly randomBytes: (length: number) => Uint8Array
}

/**
 * Opens or creates the database. Throws `StoreCorruptError` when it is damaged, foreign or made by a newer version, and
 * `StoreUnavailableError` when it cannot be opened.
 */
export async function openSqliteMailboxes(options: SqliteMailboxesOptions): Promise<Mailboxes> {
  const { path, quota, maxBytes, randomBytes } = options
  const kind = mailboxesDatabase(randomBytes)
  const { database, tables } = StoreDatabase.open(path, kind, maxBytes, (opened) => new Tables(opened))
  return new SqliteMailboxes(database, tables, quota)
}
