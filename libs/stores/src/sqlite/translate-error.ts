import { StoreCorruptError, StoreError, StoreFullError, StoreUnavailableError } from '../errors.ts'

const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_NOTADB = 26

/** The library's error for one of SQLite's; `name` is what the database holds. The low byte of `errcode` is the primary result code. */
export function translateSqliteError(error: unknown, name: string): StoreError {
  if (error instanceof StoreError) return error
  // Not `instanceof Error`: the error may come from another realm.
  const isError = typeof error === 'object' && error !== null && 'errcode' in error
  const code = isError ? Number(error.errcode) & 0xff : undefined
  if (code === SQLITE_FULL) return new StoreFullError(`the disk under the ${name} is full`, { cause: error })
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new StoreCorruptError(`the database of the ${name} is damaged`, { cause: error })
  }
  return new StoreUnavailableError(`the database of the ${name} does not work`, { cause: error })
}
