import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from '@jest/globals'
import { BusUnavailableError, EventStoreFullError } from '../errors.ts'
import { translateSqliteError } from './sqlite-error.ts'

function failureOf(sql: string): unknown {
  const database = new DatabaseSync(':memory:')
  database.exec('PRAGMA max_page_count = 3; CREATE TABLE t (b BLOB)')
  try {
    database.exec(sql)
  } catch (error) {
    return error
  } finally {
    database.close()
  }
  throw new Error('the statement did not fail')
}

describe('translateSqliteError', () => {
  it('tells a full database from other failures and keeps the cause', () => {
    const full = failureOf('INSERT INTO t VALUES (zeroblob(100000))')
    expect(translateSqliteError(full)).toBeInstanceOf(EventStoreFullError)
    expect(translateSqliteError(full).cause).toBe(full)
    expect(translateSqliteError(failureOf('INSERT INTO missing VALUES (1)'))).toBeInstanceOf(BusUnavailableError)
  })
})
