import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { buildUnsignedStore, type RequestSigner } from '#protocol'
import type { NotificationBooks } from '#stores'
import { openRedisNotifications } from '#stores/notifications/redis/index'
import { connectRedis } from '#stores/redis/connect-redis'
import { accountFor, printCounts } from '../support/account-for.ts'
import { until } from '../support/backends/probe.ts'
import { PlainRpc } from '../support/plain-rpc.ts'
import { accountForPushes, type PushAccount } from '../support/push-account.ts'
import { ended, shownBooks } from '../support/push-books.ts'
import { type PushCluster, startPushCluster } from '../support/push-cluster.ts'
import { Cleanup } from '../support/push-cleanup.ts'
import { makeDevices, subscribeDevices, type TestDevice } from '../support/push-devices.ts'
import { type FcmProcess, startFcmProcess } from '../support/push-fcm-process.ts'
import { randomUsers, StoreLoad } from '../support/store-load.ts'

const SERVICE = 'firebase'
const MESSAGES = 2_500
const RELAYS = 2
const USERS = 50
const DEVICES = 4
const WRITERS = 16
/** Stores between two events of the test. */
const STRETCH = 150
/** Requests of a relay to FCM at once. */
const IN_FLIGHT = 128
/** What killing a relay makes FCM get again at most: what is under way, and as much whose answers are not written down yet. */
const REPEATED_BY_KILL = 2 * IN_FLIGHT
/** What a killed relay had taken comes back after its lease, and so do its events; outboxes and pauses of retries come on top. */
const DRAIN_MS = 150_000
const SHORT_TTL_MS = 10_000
const DAY_MS = 86_400_000

/** Takes messages so slowly that some are always on their way when something dies. */
const SLOW = { kind: 'slow', delayMs: 100 } as const
const OVERLOADED = { kind: 'error', status: 429, reason: 'QUOTA_EXCEEDED', retryAfter: '1' } as const
const BROKEN = { kind: 'error', status: 503, reason: 'UNAVAILABLE' } as const
const DEAD = { kind: 'error', status: 404, reason: 'UNREGISTERED' } as const
const INVALID_DATA = {
  kind: 'error',
  status: 400,
  reason: 'INVALID_ARGUMENT',
  details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'message.data' }] }],
} as const

describe('killing both push relays, NATS and Redis in turn while messages are stored', () => {
  const users = randomUsers(USERS)
  const devices = makeDevices(users, DEVICES)
  const [dead, refused, hung] = makeDevices(randomUsers(3), 1) as [TestDevice, TestDevice, TestDevice]
  const rpc = new PlainRpc()
  const cleanup = new Cleanup()
  let fcm: FcmProcess
  let cluster: PushCluster
  let load: StoreLoad
  let account: PushAccount
  let books: NotificationBooks
  /** Messages that are there, of those that the load has sent. */
  let stored: ReadonlySet<string>

  beforeAll(async () => {
    cleanup.add(() => rpc.close())
    fcm = await startFcmProcess()
    cleanup.add(() => fcm.stop())
    const tokenFaults = { [dead.token]: DEAD, [refused.token]: INVALID_DATA, [hung.token]: { kind: 'hang' } as const }
    await fcm.command({ fault: SLOW, tokenFaults })
    const environment = { ...fcm.environment, SOTTO_PUSH_IN_FLIGHT: String(IN_FLIGHT), SOTTO_PUSH_LEASE: '25s' }
    cluster = await startPushCluster({ relays: RELAYS, environment })
    cleanup.add(() => cluster.stop())
    await subscribeDevices(cluster.relays[0]?.url ?? '', devices.slice(0, devices.length / 2))
    await subscribeDevices(cluster.relays[1]?.url ?? '', [...devices.slice(devices.length / 2), dead, refused, hung])
    const { portsOf } = cluster.mailboxes
    load = new StoreLoad({ rpc, portsOf, users, writers: WRITERS })
    try {
      await killEverythingInTurn()
    } finally {
      await load.stop()
    }
    await fcm.command({ fault: null })
    ;({ hashes: stored } = await accountFor(load, { rpc, portsOf, users }))
    books = await booksAtTheEnd()
    account = accountForPushes(await fcm.received(), { devices, acknowledged: load.acknowledged, stored })
    printCounts('notifications after crashes', {
      messages: load.acknowledged.length,
      ...account,
      ...books.ends,
      accepted: books.accepted,
      waiting: books.waiting,
      failures: Object.fromEntries(load.failures),
    })
  }, 300_000)
  afterAll(() => cleanup.run(), 60_000)

  async function killEverythingInTurn(): Promise<void> {
    const { relays, mailboxes } = cluster
    await load.untilAcknowledged(STRETCH)
    await storeForTheUnlucky()
    for (const { process } of relays) {
      await process.kill()
      // The other relay goes on alone.
      await load.untilAcknowledged(STRETCH)
      await process.restart()
      await load.untilAcknowledged(STRETCH)
    }
    await fcm.command({ nextFaults: [OVERLOADED, BROKEN, BROKEN, OVERLOADED, BROKEN] })
    for (const part of [mailboxes.nats, mailboxes.redis]) {
      await part.kill()
      await load.untilFailed(WRITERS)
      await part.restart()
      await load.untilAcknowledged(STRETCH)
    }
    await storeForTheUnlucky()
    await load.untilAcknowledged(Math.max(STRETCH, MESSAGES - load.acknowledged.length))
  }

  /** A message for each device that cannot be reached. */
  async function storeForTheUnlucky(): Promise<void> {
    await store(dead.owner, DAY_MS)
    await store(refused.owner, DAY_MS)
    await store(hung.owner, SHORT_TTL_MS)
  }

  async function store({ account: owner }: RequestSigner, ttl: number): Promise<void> {
    const [port] = cluster.mailboxes.portsOf(owner) as [number]
    const data = nativeCrypto.randomBytes(500)
    const isStored = async (): Promise<boolean> => {
      const request = buildUnsignedStore(owner, { namespace: 0, timestamp: Date.now(), ttl, data })
      return rpc.call(port, request).then(
        ({ status }) => status === 200,
        () => false,
      )
    }
    if (!(await until(isStored))) throw new Error('a message for a device that cannot be reached is not stored')
  }

  /** The durable books once nothing waits that is owed; else as they are when the time is over. */
  async function booksAtTheEnd(): Promise<NotificationBooks> {
    const redis = await connectRedis({ url: cluster.mailboxes.redis.url, onError: () => undefined })
    try {
      const notifications = await openRedisNotifications({ redis, duplicateWindowMs: 600_000, capacity: 1_000_000 })
      const read = async (): Promise<NotificationBooks | undefined> => (await notifications.books()).get(SERVICE)
      const isDrained = async (): Promise<boolean> => {
        const now = await read()
        if (now?.waiting !== 0) return false
        const { 'handed-over': handedOver, expired, 'given-up': givenUp } = now.ends
        return handedOver >= stored.size * DEVICES && expired >= 2 && givenUp >= 2
      }
      await until(isDrained, DRAIN_MS)
      const last = await read()
      if (last === undefined) throw new Error('there are no books')
      return last
    } finally {
      redis.disconnect()
    }
  }

  it('offers ten thousand notifications', () => {
    expect(account.owed).toBeGreaterThanOrEqual(MESSAGES * DEVICES)
    expect(load.failures.get('another hash was acknowledged')).toBeUndefined()
  })

  it('brings every acknowledged message to each of its devices, and nothing else', () => {
    expect(account).toMatchObject({ lost: 0, unknown: 0 })
  })

  it('accepts every message once for each device, whatever was killed', () => {
    expect(books.ends['handed-over']).toBe(stored.size * DEVICES)
    expect(account.received).toBe(stored.size * DEVICES)
  })

  it('repeats only what was on its way when something died', () => {
    expect(account.repeated).toBeLessThanOrEqual(RELAYS * REPEATED_BY_KILL)
  })

  it('ends every notification in one of the four ends, and uses all of them', () => {
    expect(books.waiting).toBe(0)
    expect(ended(books)).toBe(books.accepted)
    expect(books.ends).toMatchObject({ 'given-up': 2, expired: 2 })
    expect(books.ends['token-dead']).toBeGreaterThanOrEqual(1)
  })

  it('shows the same books in the metrics of every relay', async () => {
    for (const { process } of cluster.relays) {
      expect(shownBooks(await process.metrics(), SERVICE)).toEqual(books)
    }
  })
})
