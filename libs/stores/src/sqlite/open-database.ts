import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreCorruptError } from '../errors.ts'

/** A checkpoint copies this many WAL pages (of 4 KiB) at once: seldom enough not to slow small writes, small enough not to stall them. */
const CHECKPOINT_PAGES = 4_000
const PAGE_BYTES = 4_096
/** How long another process may hold the lock, in milliseconds; an operator's backup, never a second server. */
const LOCK_WAIT = 2_000

/** What a database holds and how it is told from others. */
export interface DatabaseKind {
  /** What it holds, in the plural, as error messages have it. */
  readonly name: string
  /** `PRAGMA application_id`, 32 bits. */
  readonly applicationId: number
  /** `PRAGMA user_version`, from 1: the newest that this server knows and the one it creates. */
  readonly version: number
  /** Makes the tables in an empty database; part of a transaction. */
  readonly create: (database: DatabaseSync) => void
}

/**
 * Opens or creates a database, readable by its owner only, without a scan of what is in it. `maxBytes` limits its size. Throws
 * `StoreCorruptError` for a damaged, foreign or newer one, and SQLite's own error when it cannot be opened.
 */
export function openDatabase(path: string, kind: DatabaseKind, maxBytes: number | undefined): DatabaseSync {
  // SQLite gives the WAL and its index the mode of the database file.
  closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: LOCK_WAIT })
  try {
    assertOwn(database, kind)
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA cache_size = -16384;
    `)
    if (maxBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`)
    createTables(database, kind)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function assertOwn(database: DatabaseSync, { name, applicationId, version: newest }: DatabaseKind): void {
  const version = pragma(database, 'user_version')
  const owner = pragma(database, 'application_id')
  const tables = Number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'])
  if (version === 0 && owner === 0 && tables === 0) return
  if (owner !== applicationId) throw new StoreCorruptError(`the database of the ${name} is of another program`)
  if (version > newest) {
    throw new StoreCorruptError(
      `the database of the ${name} has version ${version}; this server knows versions up to ${newest}`,
    )
  }
}

function createTables(database: DatabaseSync, { applicationId, version, create }: DatabaseKind): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    if (pragma(database, 'user_version') === 0) {
      create(database)
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}`)
    }
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}
