import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreCorruptError, StoreFullError, StoreUnavailableError } from '../../index.ts'
import type { Notifications } from '../notifications.ts'
import { describeNotifications } from '../notifications.suite.ts'
import { booksOf, deviceOf, NOON, notification, SERVICE, take, takeLabels, WINDOW } from '../suite/samples.suite.ts'
import { openSqliteNotifications } from './index.ts'

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sotto-notifications-'))
  path = join(directory, 'notifications.sqlite')
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

const open = (maxBytes?: number): Promise<Notifications> =>
  openSqliteNotifications({
    path,
    duplicateWindowMs: WINDOW,
    capacity: 1_000_000,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })

describeNotifications('SQLite notifications', ({ place, ...limits }) =>
  openSqliteNotifications({ path: join(directory, `${place}.sqlite`), ...limits }),
)

describe('openSqliteNotifications', () => {
  it('makes a database that only its owner can read', async () => {
    const store = await open()
    await store.accept([notification('a')], NOON)
    for (const name of [path, `${path}-wal`]) expect((await stat(name)).mode & 0o777).toBe(0o600)
    await store.close()
  })

  it('refuses what is no database, of a newer version or of another program', async () => {
    await writeFile(path, 'x'.repeat(8_192))
    await expect(open()).rejects.toThrow(StoreCorruptError)
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
    await expect(openSqliteNotifications({ path: directory, duplicateWindowMs: WINDOW, capacity: 1 })).rejects.toThrow(
      StoreUnavailableError,
    )
  })

  it('takes at once what a process had taken that is gone', async () => {
    const store = await open()
    await store.accept([notification('a')], NOON)
    await take(store)
    await store.close()
    const again = await open()
    expect(await again.nextDue(SERVICE)).toBe(NOON)
    expect(await takeLabels(again)).toEqual(['a'])
    await again.close()
  })
})

describe('a full database', () => {
  it('refuses what does not fit with nothing half done, and takes notifications again when there is room', async () => {
    const store = await open(400_000)
    const fill = async (): Promise<never> => {
      for (let count = 0; ; count++) {
        const some = ['x', 'y', 'z'].map((name) => notification(`${name}${count}`, { length: 4_000 }))
        await store.accept(some, NOON)
      }
    }
    await expect(fill()).rejects.toThrow(StoreFullError)
    const taken = await take(store)
    expect(taken.length).toBeGreaterThan(3)
    expect(taken.length % 3).toBe(0)
    expect(await booksOf(store)).toEqual([taken.length, 0, 0, 0, 0, taken.length])
    expect(await store.end(taken, 'expired')).toBe(taken.length)
    // A key that was rolled back is not known.
    const refused = notification(`x${taken.length / 3}`, { length: 4_000 })
    expect(await store.accept([refused], NOON)).toBe(1)
    await store.close()
  })

  it('keeps the rest of a group whose largest part does not fit', async () => {
    const store = await open(200_000)
    const accepts = [10, 1_000_000, 10].map((length, index) =>
      store.accept([notification(`m${index}`, { length })], NOON),
    )
    const outcomes = await Promise.allSettled(accepts)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await takeLabels(store)).toEqual(['m0', 'm2'])
    expect(await booksOf(store)).toEqual([2, 0, 0, 0, 0, 2])
    await store.close()
  })
})

describe('a database that stays busy', () => {
  it('does not grow without end', async () => {
    const store = await open()
    let count = 0
    const round = async (): Promise<number> => {
      for (let batch = 0; batch < 20; batch++) {
        const some = Array.from({ length: 100 }, () => {
          return notification(`m${count++}`, { length: 1_500, device: deviceOf(count % 5_000) })
        })
        const now = NOON + count * 1_000
        await store.accept(some, now)
        await Promise.all([store.end(await take(store, { now }), 'handed-over'), store.forgetDuplicates(now)])
      }
      const database = new DatabaseSync(path, { readOnly: true })
      const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count'])
      database.close()
      return pages
    }
    await round()
    const early = await round()
    await round()
    await round()
    expect(await round()).toBeLessThanOrEqual(Math.ceil(1.2 * early))
    await store.close()
  })
})

describe('closed notifications', () => {
  it('commit what was asked for and refuse what comes later', async () => {
    const store = await open()
    await store.accept([notification('a')], NOON)
    const ending = store.end(await take(store), 'handed-over')
    const acceptance = store.accept([notification('b')], NOON)
    await store.close()
    await expect(ending).resolves.toBe(1)
    await expect(acceptance).resolves.toBe(1)
    await expect(store.accept([notification('c')], NOON)).rejects.toThrow(StoreUnavailableError)
    await expect(take(store)).rejects.toThrow(StoreUnavailableError)
    await expect(store.books()).rejects.toThrow(StoreUnavailableError)
    await expect(store.check()).rejects.toThrow(StoreUnavailableError)
  })
})
