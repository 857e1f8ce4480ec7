import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreCorruptError, StoreFullError, StoreUnavailableError } from '../../index.ts'
import type { Subscriptions } from '../subscriptions.ts'
import { describeSubscriptions } from '../subscriptions.suite.ts'
import {
  ALICE,
  AT_NOON,
  digestOf,
  labels,
  LIFETIME_S,
  LIMITS,
  NOON,
  NOON_S,
  subscription,
} from '../suite/samples.suite.ts'
import { openSqliteSubscriptions } from './index.ts'

let directory: string
let path: string
const open = (maxBytes?: number): Promise<Subscriptions> =>
  openSqliteSubscriptions({ path, ...LIMITS, ...(maxBytes === undefined ? {} : { maxBytes }) })

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sotto-subscriptions-'))
  path = join(directory, 'subscriptions.sqlite')
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

describeSubscriptions('SQLite subscriptions', ({ place, ...limits }) =>
  openSqliteSubscriptions({ path: join(directory, `${place}.sqlite`), ...limits }),
)

describe('openSqliteSubscriptions', () => {
  it('makes a database that only its owner can read', async () => {
    const subscriptions = await open()
    await subscriptions.put(subscription('a'), NOON)
    for (const name of [path, `${path}-wal`]) expect((await stat(name)).mode & 0o777).toBe(0o600)
    await subscriptions.close()
  })

  it('refuses what is no database, of a newer version or of another program', async () => {
    await writeFile(path, 'x'.repeat(8_192))
    await expect(open()).rejects.toThrow(StoreCorruptError)
    await expect(open()).rejects.toThrow('the database of the subscriptions is damaged')
    for (const pragma of ['user_version = 2', 'application_id = 7']) {
      await rm(path)
      await (await open()).close()
      const database = new DatabaseSync(path)
      database.exec(`PRAGMA ${pragma}`)
      database.close()
      await expect(open()).rejects.toThrow(StoreCorruptError)
    }
  })

  it('says that it cannot open a path it may not use', async () => {
    const opening = openSqliteSubscriptions({ path: directory, ...LIMITS })
    await expect(opening).rejects.toThrow(StoreUnavailableError)
  })
})

describe('SQLite subscriptions of accounts with one beginning', () => {
  const account = ALICE.slice()
  account[15] = (account[15] ?? 0) + 1

  it('are told apart, and share the room there is for expired ones', async () => {
    const subscriptions = await openSqliteSubscriptions({ path, ...LIMITS, devicesPerAccount: 512 })
    const put = (count: number, changes: Parameters<typeof subscription>[1]) =>
      Promise.all(
        Array.from({ length: count }, (_, index) => subscriptions.put(subscription(`d${index}`, changes), NOON)),
      )
    await put(511, { account })
    await put(513, { signedAt: NOON_S - LIFETIME_S })
    expect(await labels(subscriptions)).toEqual([])
    // Every number is taken: what has expired gives way, and only that of the same account.
    expect(await subscriptions.put(subscription('new'), NOON)).toBe('added')
    expect(await subscriptions.put(subscription('new', { account }), NOON)).toBe('full')
    expect(await labels(subscriptions)).toEqual(['new'])
    expect(await labels(subscriptions, { account })).toHaveLength(511)
    expect(await subscriptions.counts()).toEqual(new Map([['firebase', 1_024]]))
    expect(await subscriptions.remove(ALICE, digestOf('new'), AT_NOON)).toBe(true)
    expect(await subscriptions.put(subscription('new', { account }), NOON)).toBe('added')
    expect(await subscriptions.removeExpired(NOON, 1_000)).toBe(512)
    await subscriptions.close()
  })
})

describe('unsubscriptions in SQLite', () => {
  it('are swept once no subscription of their time can live, however many', async () => {
    const subscriptions = await open()
    const remove = (index: number, signedAt: number): Promise<boolean> =>
      subscriptions.remove(digestOf(`account ${index}`), digestOf('a'), { signedAt, now: NOON })
    await Promise.all(Array.from({ length: 1_001 }, (_, index) => remove(index, NOON_S + (index === 7 ? 1 : 0))))
    // Nothing that could be superseded has lived so long.
    await remove(1_001, NOON_S - LIFETIME_S)
    const left = (): unknown => {
      const database = new DatabaseSync(path, { readOnly: true })
      const rows = database.prepare('SELECT count(*) AS rows FROM unsubscriptions').get()?.['rows']
      database.close()
      return rows
    }
    const gone = (NOON_S + LIFETIME_S) * 1_000
    await subscriptions.removeExpired(gone - 1, 1)
    expect(left()).toBe(1_001)
    await subscriptions.removeExpired(gone, 1)
    expect(left()).toBe(1)
    await subscriptions.removeExpired(gone + 1_000, 1)
    expect(left()).toBe(0)
    await subscriptions.close()
  })
})

describe('a full database', () => {
  it('refuses what does not fit, keeps the rest and takes subscriptions again after a sweep', async () => {
    const subscriptions = await open(150_000)
    let count = 0
    const old = { signedAt: NOON_S - LIFETIME_S, sealed: new Uint8Array(4_000) }
    const fill = async (): Promise<never> => {
      for (; ; count++) await subscriptions.put(subscription('a', { ...old, account: digestOf(`m${count}`) }), NOON)
    }
    await expect(fill()).rejects.toThrow(StoreFullError)
    expect(count).toBeGreaterThan(2)
    expect(await subscriptions.counts()).toEqual(new Map([['firebase', count]]))
    expect(await subscriptions.removeExpired(NOON, 1_000)).toBe(count)
    expect(await subscriptions.put(subscription('a', { sealed: old.sealed }), NOON)).toBe('added')
    await subscriptions.close()
  })
})

describe('a database whose contents nobody here has written', () => {
  it('is refused where it is read', async () => {
    const subscriptions = await open()
    await subscriptions.put(subscription('a'), NOON)
    const database = new DatabaseSync(path)
    database.exec("UPDATE subscriptions SET namespaces = x'000000'")
    database.close()
    await expect(subscriptions.matching(ALICE, 0, NOON)).rejects.toThrow(StoreCorruptError)
    await subscriptions.close()
  })
})

describe('closed subscriptions', () => {
  it('commit what was asked for and refuse what comes later', async () => {
    const subscriptions = await open()
    const putting = subscriptions.put(subscription('a'), NOON)
    await subscriptions.close()
    await expect(putting).resolves.toBe('added')
    await expect(subscriptions.put(subscription('b'), NOON)).rejects.toThrow(StoreUnavailableError)
    await expect(subscriptions.matching(ALICE, 0, NOON)).rejects.toThrow(StoreUnavailableError)
    await expect(subscriptions.check()).rejects.toThrow(StoreUnavailableError)
  })
})
