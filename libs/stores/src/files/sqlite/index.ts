/**
 * File records in one SQLite file.
 *
 * `records` has one row a record, without its body, so that scans stay small; `blob_key` is NULL when the body is inline. `bodies` has the inline
 * bodies under the `number` of their record: a row exists exactly while its record does and has no blob. `records_by_expiry` serves the
 * sweep, `records_by_blob` the look-ups by blob key.
 *
 * Lifetimes: a record stays until it is swept, replaced or found lost; readers compare `expires_at` with the time they are given.
 *
 * Invariants: every change is part of a group commit (WAL, `synchronous=FULL`) and on disk when its promise resolves; reads see committed
 * state only.
 */
import type { FileRecords } from '../file-records.ts'
import { StoreDatabase } from '../../sqlite/store-database.ts'
import { RecordTable } from './record-table.ts'
import { FILE_RECORDS_DATABASE } from './schema.ts'
import { SqliteFileRecords } from './sqlite-file-records.ts'

export interface SqliteFileRecordsOptions {
  /** The database file; it is created when missing, with mode 0600. */
  readonly path: string
  /** Most bytes the database may have; no limit but the disk's by default. */
  readonly maxBytes?: number
}

/**
 * Opens or creates the database. Throws `StoreCorruptError` when it is damaged, foreign or made by a newer version, and
 * `StoreUnavailableError` when it cannot be opened.
 */
export async function openSqliteFileRecords({ path, maxBytes }: SqliteFileRecordsOptions): Promise<FileRecords> {
  const { database, tables } = StoreDatabase.open(
    path,
    FILE_RECORDS_DATABASE,
    maxBytes,
    (opened) => new RecordTable(opened),
  )
  return new SqliteFileRecords(database, tables)
}
