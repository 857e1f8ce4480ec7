import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type NewFile, StoreCorruptError, StoreFullError, StoreUnavailableError } from '../../index.ts'
import { describeFileRecords } from '../file-records.suite.ts'
import { openSqliteFileRecords } from './index.ts'

let directory: string
let path: string
let count = 0

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sotto-records-'))
  path = join(directory, 'files.sqlite')
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

function file(id: number, length: number): NewFile {
  const body = { kind: 'inline', bytes: new Uint8Array(length) } as const
  return { id: String(id), size: length, uploadedAt: 0, expiresAt: 10, format: 1, body }
}

const renew = { ifExists: 'renew' } as const

describeFileRecords('SQLite file records', () =>
  openSqliteFileRecords({ path: join(directory, `files-${count++}.sqlite`) }),
)

describe('openSqliteFileRecords', () => {
  it('makes a database that only its owner can read', async () => {
    const records = await openSqliteFileRecords({ path })
    await records.put(file(1, 10), renew)
    for (const name of [path, `${path}-wal`]) expect((await stat(name)).mode & 0o777).toBe(0o600)
    await records.close()
  })

  it('finds what was stored before, also without a close', async () => {
    const first = await openSqliteFileRecords({ path })
    await first.put(file(1, 10), renew)
    const second = await openSqliteFileRecords({ path })
    expect(await second.get('1', 0)).toBeDefined()
    await first.close()
    await second.close()
  })

  it('refuses a database of a newer version', async () => {
    await (await openSqliteFileRecords({ path })).close()
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 2')
    database.close()
    const opening = openSqliteFileRecords({ path })
    await expect(opening).rejects.toThrow(StoreCorruptError)
    await expect(opening).rejects.toThrow('has version 2; this server knows versions up to 1')
  })

  it('refuses the database of another program', async () => {
    const database = new DatabaseSync(path)
    database.exec('CREATE TABLE records (id)')
    database.close()
    await expect(openSqliteFileRecords({ path })).rejects.toThrow(StoreCorruptError)
  })

  it('refuses a file that is no database', async () => {
    await writeFile(path, 'x'.repeat(8_192))
    const opening = openSqliteFileRecords({ path })
    await expect(opening).rejects.toThrow(StoreCorruptError)
    await expect(opening).rejects.toThrow('the database of the file records is damaged')
  })

  it('refuses a database that was cut off', async () => {
    const records = await openSqliteFileRecords({ path })
    await records.put(file(1, 100_000), renew)
    await records.close()
    await truncate(path, 8_192)
    await expect(openSqliteFileRecords({ path })).rejects.toThrow(StoreCorruptError)
  })

  it('says that it cannot open a path it may not use', async () => {
    await expect(openSqliteFileRecords({ path: directory })).rejects.toThrow(StoreUnavailableError)
    await expect(openSqliteFileRecords({ path: join(directory, 'a', 'b') })).rejects.toThrow(StoreUnavailableError)
  })
})

describe('a full database', () => {
  it('refuses what does not fit and keeps the rest of the group', async () => {
    const records = await openSqliteFileRecords({ path, maxBytes: 400_000 })
    const puts = [file(1, 1_000), file(2, 1_000_000), file(3, 1_000)].map((one) => records.put(one, renew))
    const [first, large, last] = await Promise.allSettled(puts)
    expect([first?.status, large?.status, last?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(large).toMatchObject({ reason: { code: 'STORE_FULL' } })
    expect(await records.get('2', 0)).toBeUndefined()
    await records.close()
    const again = await openSqliteFileRecords({ path })
    expect((await again.read('1', 0))?.inline).toHaveLength(1_000)
    expect((await again.read('3', 0))?.inline).toHaveLength(1_000)
    await again.close()
  })

  it('loses nothing acknowledged and takes files again after a sweep', async () => {
    const records = await openSqliteFileRecords({ path, maxBytes: 200_000 })
    let stored = 0
    await expect(
      (async () => {
        for (;;) {
          await records.put(file(stored, 10_000), renew)
          stored += 1
        }
      })(),
    ).rejects.toThrow(StoreFullError)
    expect(stored).toBeGreaterThan(3)
    for (let id = 0; id < stored; id++) expect((await records.read(String(id), 0))?.inline).toHaveLength(10_000)
    expect((await records.removeExpired(10, 1_000)).removed).toBe(stored)
    await expect(records.put(file(0, 10_000), renew)).resolves.toMatchObject({ outcome: 'created' })
    await records.close()
  })
})

describe('closed records', () => {
  it('commit what was asked for and refuse what comes later', async () => {
    const records = await openSqliteFileRecords({ path })
    const put = records.put(file(1, 10), renew)
    await records.close()
    await expect(put).resolves.toMatchObject({ outcome: 'created' })
    await expect(records.put(file(2, 10), renew)).rejects.toThrow(StoreUnavailableError)
    await expect(records.get('1', 0)).rejects.toThrow(StoreUnavailableError)
    await expect(records.check()).rejects.toThrow(StoreUnavailableError)
    await expect(records.close()).resolves.toBeUndefined()
  })
})
