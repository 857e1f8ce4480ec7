import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreCorruptError } from '../../errors.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts'

/** A checkpoint copies this many WAL pages (of 4 KiB) at once: seldom enough not to slow small puts, small enough not to stall them. */
const CHECKPOINT_PAGES = 4_000
const PAGE_BYTES = 4_096
/** How long another process may hold the lock, in milliseconds; an operator's backup, never a second server. */
const LOCK_WAIT = 2_000

/**
 * Opens or creates the database of file records, readable by its owner only. `maxBytes` limits its size. Throws `StoreCorruptError` for a
 * damaged, foreign or newer one, and SQLite's own error when it cannot be opened.
 */
export function openDatabase(path: string, maxBytes: number | undefined): DatabaseSync {
  // SQLite gives the WAL and its index the mode of the database file.
  closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: LOCK_WAIT })
  try {
    assertOwn(database)
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA cache_size = -16384;
    `)
    if (maxBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`)
    createTables(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function assertOwn(database: DatabaseSync): void {
  const version = pragma(database, 'user_version')
  const owner = pragma(database, 'application_id')
  const tables = Number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'])
  if (version === 0 && owner === 0 && tables === 0) return
  if (owner !== APPLICATION_ID) throw new StoreCorruptError('the database of the file records is of another program')
  if (version > SCHEMA_VERSION) {
    throw new StoreCorruptError(
      `the database of the file records has version ${version}; this server knows versions up to ${SCHEMA_VERSION}`,
    )
  }
}

function createTables(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    if (pragma(database, 'user_version') === 0) database.exec(SCHEMA)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}
