import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreCorruptError, StoreFullError, StoreUnavailableError } from '../../index.ts'
import { describeMailboxes } from '../mailboxes.suite.ts'
import { ALICE, labels, message, NOON, ROOMY } from '../suite/samples.suite.ts'
import { openSqliteMailboxes } from './index.ts'

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sotto-mailboxes-'))
  path = join(directory, 'mailboxes.sqlite')
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

describeMailboxes('SQLite mailboxes', ({ place, quota }) =>
  openSqliteMailboxes({ path: join(directory, `${place}.sqlite`), quota, randomBytes }),
)

describe('openSqliteMailboxes', () => {
  it('makes a database that only its owner can read', async () => {
    const mailboxes = await openSqliteMailboxes({ path, quota: ROOMY, randomBytes })
    await mailboxes.store(message('a'), NOON)
    for (const name of [path, `${path}-wal`]) expect((await stat(name)).mode & 0o777).toBe(0o600)
    await mailboxes.close()
  })

  it('refuses what is no database, of a newer version or of another program', async () => {
    await writeFile(path, 'x'.repeat(8_192))
    const opening = openSqliteMailboxes({ path, quota: ROOMY, randomBytes })
    await expect(opening).rejects.toThrow(StoreCorruptError)
    await expect(opening).rejects.toThrow('the database of the mailboxes is damaged')
    for (const pragma of ['user_version = 2', 'application_id = 7']) {
      await rm(path)
      await (await openSqliteMailboxes({ path, quota: ROOMY, randomBytes })).close()
      const database = new DatabaseSync(path)
      database.exec(`PRAGMA ${pragma}`)
      database.close()
      await expect(openSqliteMailboxes({ path, quota: ROOMY, randomBytes })).rejects.toThrow(StoreCorruptError)
    }
  })

  it('says that it cannot open a path it may not use', async () => {
    const opening = openSqliteMailboxes({ path: directory, quota: ROOMY, randomBytes })
    await expect(opening).rejects.toThrow(StoreUnavailableError)
  })
})

describe('a full database', () => {
  it('refuses what does not fit, keeps the rest of the group and takes messages again after a sweep', async () => {
    const mailboxes = await openSqliteMailboxes({ path, quota: ROOMY, maxBytes: 200_000, randomBytes })
    const lengths = { a: 10, b: 1_000_000, c: 10 }
    const stores = Object.entries(lengths).map(([label, length]) => mailboxes.store(message(label, { length }), NOON))
    const [, large] = await Promise.allSettled(stores)
    expect(large).toMatchObject({ status: 'rejected', reason: { code: 'STORE_FULL' } })
    expect(await labels(mailboxes)).toEqual(['a', 'c'])
    expect(await mailboxes.usage(ALICE)).toEqual({ messages: 2, bytes: 20 })
    const fill = async (): Promise<never> => {
      for (let count = 0; ; count++) {
        await mailboxes.store(message(`m${count}`, { length: 10_000, expiry: NOON + 1 }), NOON)
      }
    }
    await expect(fill()).rejects.toThrow(StoreFullError)
    expect(await mailboxes.removeExpired(NOON + 1, 1_000)).toBeGreaterThan(2)
    expect(await mailboxes.store(message('d', { length: 10_000 }), NOON + 1)).toMatchObject({ outcome: 'stored' })
    await mailboxes.close()
  })
})

describe('closed mailboxes', () => {
  it('commit what was asked for and refuse what comes later', async () => {
    const mailboxes = await openSqliteMailboxes({ path, quota: ROOMY, randomBytes })
    const store = mailboxes.store(message('a'), NOON)
    const removal = mailboxes.removeFromOutbox(['unknown'])
    await mailboxes.close()
    await expect(store).resolves.toMatchObject({ outcome: 'stored' })
    await expect(removal).resolves.toBeUndefined()
    await expect(mailboxes.store(message('b'), NOON)).rejects.toThrow(StoreUnavailableError)
    await expect(mailboxes.usage(ALICE)).rejects.toThrow(StoreUnavailableError)
    await expect(mailboxes.check()).rejects.toThrow(StoreUnavailableError)
  })
})
