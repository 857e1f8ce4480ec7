import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { GroupCommit } from './group-commit.ts'

describe('GroupCommit', () => {
  let database: DatabaseSync
  let commits: GroupCommit

  const insertNow = (n: number): void => void database.prepare('INSERT INTO numbers (n) VALUES (?)').run(n)
  const insert = (n: number): Promise<void> => commits.run(() => insertNow(n))
  const numbers = (): unknown[] =>
    database
      .prepare('SELECT n FROM numbers ORDER BY n')
      .all()
      .map((row) => row['n'])

  beforeEach(() => {
    database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE numbers (n INTEGER PRIMARY KEY)')
    commits = new GroupCommit(database)
  })

  afterEach(() => database.close())

  it('gives each piece of work its result, in order', async () => {
    const results = await Promise.all([commits.run(() => 'a'), commits.run(() => 'b')])
    expect(results).toEqual(['a', 'b'])
  })

  it('does not let one failure harm the rest of its group', async () => {
    const results = await Promise.allSettled([insert(1), insert(1), insert(2)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(numbers()).toEqual([1, 2])
  })

  it('lets work that is in no hurry share the commit of the next, in order', async () => {
    const seen: string[] = []
    const patient = commits.runWithNext(() => insertNow(1)).then(() => seen.push('patient'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(numbers()).toEqual([])
    await Promise.all([patient, insert(2).then(() => seen.push('next'))])
    expect([numbers(), seen]).toEqual([
      [1, 2],
      ['patient', 'next'],
    ])
  })

  it('does not let it wait for ever', async () => {
    await commits.runWithNext(() => insertNow(1))
    expect(numbers()).toEqual([1])
  })

  it('commits what waits when it is flushed', async () => {
    const waiting = insert(1)
    commits.flush()
    expect(numbers()).toEqual([1])
    await waiting
  })
})
