import { BusUnavailableError, EventStoreFullError } from '../errors.ts'

const SQLITE_FULL = 13

/** The library's error for one of SQLite's. */
export function translateSqliteError(error: unknown): BusUnavailableError | EventStoreFullError {
  const full = typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_FULL
  if (full) return new EventStoreFullError('the disk of the event store is full', { cause: error })
  return new BusUnavailableError('the event store cannot be written', { cause: error })
}
