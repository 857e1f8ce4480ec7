import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Notifications } from '#stores'
import { openSqliteNotifications } from '#stores/notifications/sqlite/index'
import { HANDED_OVER, newNotification, NOT_NOW, Scene } from './testing.suite.ts'

let directory: string
let store: Notifications

const open = (): Promise<Notifications> =>
  openSqliteNotifications({
    path: join(directory, 'notifications.sqlite'),
    duplicateWindowMs: 600_000,
    capacity: 1_000_000,
  })

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'delivery-'))
  store = await open()
})
afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true })
})

/** Puts `count` notifications for as many devices as fit a byte into the queue. */
async function fill(count: number): Promise<void> {
  const notifications = Array.from({ length: count }, (_, number) => newNotification(number, number % 256))
  expect(await store.accept(notifications, Date.now())).toBe(count)
}

async function untilEmpty(): Promise<void> {
  while (((await store.books()).get('log')?.waiting ?? 0) > 0) await sleep(10)
}

describe('Delivery from SQLite', () => {
  it('empties a long queue, and each notification comes out once', async () => {
    await fill(5_000)
    const scene = new Scene()
    const delivery = scene.begin(store)
    delivery.start()
    await untilEmpty()
    await delivery.stop()
    expect(new Set(scene.provider.payloads).size).toBe(5_000)
    expect(scene.provider.seen).toHaveLength(5_000)
    expect((await store.books()).get('log')?.ends['handed-over']).toBe(5_000)
    expect(scene.reports.failed).toEqual([])
  })

  it('gets each notification through some failures, and batches', async () => {
    await fill(1_000)
    const scene = new Scene({ batchWindowMs: 50 }, { keepsOnlyLast: true })
    scene.provider.answer = () => (scene.provider.seen.length % 50 === 7 ? NOT_NOW : HANDED_OVER)
    const delivery = scene.begin(store)
    delivery.start()
    await untilEmpty()
    await delivery.stop()
    expect(scene.provider.seen.length).toBeLessThan(1_000)
    expect((await store.books()).get('log')).toMatchObject({ accepted: 1_000, ends: { 'handed-over': 1_000 } })
  })

  it('goes on where an earlier process has stopped', async () => {
    await fill(500)
    const scene = new Scene({ maxInFlight: 8 })
    scene.provider.answer = () => sleep(2, HANDED_OVER)
    const first = scene.begin(store)
    first.start()
    await sleep(20)
    await first.stop()
    expect(scene.provider.underWay).toBe(0)
    expect(scene.provider.seen.length).toBeLessThan(500)
    await store.close()
    store = await open()
    const second = scene.begin(store)
    second.start()
    await untilEmpty()
    await second.stop()
    expect(scene.provider.payloads.toSorted()).toEqual(
      Array.from({ length: 500 }, (_, number) => String(number)).toSorted(),
    )
  })
})
