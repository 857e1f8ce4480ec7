import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { DuplicateFilter } from './duplicate-filter.ts'
import { NOTIFICATIONS_DATABASE } from './schema.ts'

const WINDOW = 1_000

describe('DuplicateFilter', () => {
  let database: DatabaseSync
  let filter: DuplicateFilter

  beforeEach(() => {
    database = new DatabaseSync(':memory:')
    NOTIFICATIONS_DATABASE.create(database)
    filter = new DuplicateFilter(database, WINDOW)
  })
  afterEach(() => {
    database.close()
  })

  const add = (from: number, count: number, now: number): void => {
    for (let index = from; index < from + count; index++) {
      filter.add(createHash('sha256').update(String(index)).digest(), now)
    }
  }
  const count = (): number => Number(database.prepare('SELECT count(*) AS n FROM seen').get()?.['n'])

  it('removes forgotten keys a bounded number at a time, the oldest generation first', () => {
    add(0, 10, WINDOW)
    add(10, 5, 2 * WINDOW)
    add(15, 7, 3 * WINDOW)
    const left = [4, 4, 4, 4, 4].map((limit) => {
      filter.removeForgotten(4 * WINDOW, limit)
      return count()
    })
    expect(left).toEqual([18, 14, 12, 8, 7])
    filter.removeForgotten(5 * WINDOW, 7)
    expect(count()).toBe(0)
    filter.removeForgotten(9 * WINDOW, 7)
    expect(count()).toBe(0)
  })

  it('removes nothing that may still be asked for', () => {
    add(0, 3, WINDOW)
    filter.removeForgotten(3 * WINDOW - 1, 10)
    expect(count()).toBe(3)
    filter.removeForgotten(3 * WINDOW, 10)
    expect(count()).toBe(0)
  })

  it('keeps 16 bytes of a key', () => {
    add(0, 1, WINDOW)
    expect(database.prepare('SELECT length(key) AS length FROM seen').get()?.['length']).toBe(16)
  })
})
