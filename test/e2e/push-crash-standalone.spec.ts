import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rmSync } from 'node:fs'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import type { AccountId } from '#protocol'
import type { NotificationBooks } from '#stores'
import { accountFor, printCounts } from '../support/account-for.ts'
import { until } from '../support/backends/probe.ts'
import { PlainRpc } from '../support/plain-rpc.ts'
import { accountForPushes, type PushAccount } from '../support/push-account.ts'
import { ended, shownBooks } from '../support/push-books.ts'
import { Cleanup } from '../support/push-cleanup.ts'
import { makeDevices, subscribeDevices } from '../support/push-devices.ts'
import { type FcmProcess, startFcmProcess } from '../support/push-fcm-process.ts'
import {
  freePortBase,
  type StandaloneProcess,
  startStandaloneProcess,
  temporaryDirectory,
} from '../support/standalone.ts'
import { randomUsers, StoreLoad } from '../support/store-load.ts'
import { swarmPorts } from '../support/swarm-ports.ts'

const SERVICE = 'firebase'
const KILLS = 3
const USERS = 25
const DEVICES = 4
const WRITERS = 16
/** Stores that are acknowledged before each kill. */
const STRETCH = 170
const NODES = 12
/** Requests to FCM at once. */
const IN_FLIGHT = 128
/** What one kill makes FCM get again at most: what is under way, and as much whose answers are not written down yet. */
const REPEATED_BY_KILL = 2 * IN_FLIGHT
const DRAIN_MS = 60_000
/** Offset of the relay's port. */
const RELAY = 2

describe('killing the standalone while it delivers notifications', () => {
  const directory = temporaryDirectory()
  const users = randomUsers(USERS)
  const devices = makeDevices(users, DEVICES)
  const rpc = new PlainRpc()
  const cleanup = new Cleanup()
  let fcm: FcmProcess
  let sotto: StandaloneProcess
  let load: StoreLoad
  let account: PushAccount
  let books: NotificationBooks
  let stored: ReadonlySet<string>

  beforeAll(async () => {
    cleanup.add(() => rmSync(directory, { recursive: true, force: true }))
    cleanup.add(() => rpc.close())
    fcm = await startFcmProcess()
    cleanup.add(() => fcm.stop())
    await fcm.command({ fault: { kind: 'slow', delayMs: 100 } })
    const base = await freePortBase()
    const clusterSecret = nativeCrypto.randomBytes(32)
    const environment = {
      ...fcm.environment,
      SOTTO_DATA_DIR: directory,
      SOTTO_HTTP_PORT: String(base),
      SOTTO_CLUSTER_SECRET: toHex(clusterSecret),
      SOTTO_NODE_COUNT: String(NODES),
      SOTTO_RPC_RATE: '0',
      SOTTO_PUSH_IN_FLIGHT: String(IN_FLIGHT),
    }
    const portsOf = await swarmPorts({ clusterSecret, nodeCount: NODES, nodePortBase: base + 20 })
    sotto = await startStandaloneProcess(environment)
    cleanup.add(async () => void (await sotto.stop()))
    await subscribeDevices(`http://127.0.0.1:${base + RELAY}`, devices)
    await killDuringDelivery(environment, portsOf)
    ;({ hashes: stored } = await accountFor(load, { rpc, portsOf, users }))
    books = await booksAtTheEnd()
    account = accountForPushes(await fcm.received(), { devices, acknowledged: load.acknowledged, stored })
    const { accepted, waiting, ends } = books
    printCounts('notifications after crashes of the standalone', { ...account, ...ends, accepted, waiting })
  }, 180_000)
  afterAll(() => cleanup.run(), 60_000)

  async function killDuringDelivery(
    environment: Record<string, string>,
    portsOf: (account: AccountId) => readonly number[],
  ): Promise<void> {
    load = new StoreLoad({ rpc, portsOf, users, writers: WRITERS })
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        await load.untilAcknowledged(STRETCH)
        await sotto.kill()
        sotto = await startStandaloneProcess(environment)
      }
    } finally {
      await load.stop()
    }
  }

  /** The books once everything that is stored was handed over; else as they are when the time is over. */
  async function booksAtTheEnd(): Promise<NotificationBooks> {
    const read = async (): Promise<NotificationBooks | undefined> =>
      shownBooks(await (await fetch(`${sotto.operations}/metrics`)).text(), SERVICE)
    await until(async () => {
      const now = await read()
      return now?.waiting === 0 && now.ends['handed-over'] >= stored.size * DEVICES
    }, DRAIN_MS)
    const last = await read()
    if (last === undefined) throw new Error('there are no books')
    return last
  }

  it('offers two thousand notifications', () => {
    expect(account.owed).toBeGreaterThanOrEqual(KILLS * STRETCH * DEVICES)
  })

  it('brings every acknowledged message to each of its devices, and nothing else', () => {
    expect(account).toMatchObject({ lost: 0, unknown: 0 })
  })

  it('accepts every message once for each device and hands each over', () => {
    expect(books.ends).toEqual({ 'handed-over': stored.size * DEVICES, expired: 0, 'token-dead': 0, 'given-up': 0 })
    expect(books.waiting).toBe(0)
    expect(ended(books)).toBe(books.accepted)
    expect(account.received).toBe(stored.size * DEVICES)
  })

  it('repeats only what was on its way when it died', () => {
    expect(account.repeated).toBeLessThanOrEqual(KILLS * REPEATED_BY_KILL)
  })
})
