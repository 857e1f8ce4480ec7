import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectNats, JetStreamEvents } from '#bus/nats/index'
import { openRedisMailboxes } from '#stores/mailboxes/redis/index'
import { connectRedis } from '#stores/redis/connect-redis'
import { type Account, accountFor, printCounts } from '../support/account-for.ts'
import { until } from '../support/backends/probe.ts'
import { findSecrets } from '../support/find-secrets.ts'
import { type MailboxCluster, startMailboxCluster } from '../support/mailbox-cluster.ts'
import { PlainRpc } from '../support/plain-rpc.ts'
import { type ReadEvents, readEvents } from '../support/read-events.ts'
import { randomUsers, StoreLoad } from '../support/store-load.ts'

const WRITERS = 16
const USERS = 50
/** Stores between two events of the test. */
const STRETCH = 150
/** An address that nothing but this client has. */
const CLIENT_ADDRESS = '127.0.0.77'
/** An event that a dead process has left in the outbox is published some seconds later. */
const OUTBOX_MS = 30_000

describe('killing gateway, cores, Redis and NATS in turn while messages are stored', () => {
  const users = randomUsers(USERS)
  const rpc = new PlainRpc({ localAddress: CLIENT_ADDRESS })
  let cluster: MailboxCluster
  let load: StoreLoad
  let account: Account
  let hashes: ReadonlySet<string>
  let events: ReadEvents

  beforeAll(async () => {
    cluster = await startMailboxCluster({ cores: 2, environment: { SOTTO_LOG_LEVEL: 'debug' } })
    load = new StoreLoad({ rpc, portsOf: cluster.portsOf, users, writers: WRITERS })
    try {
      await killEverythingInTurn()
    } finally {
      await load.stop()
    }
    await untilOutboxIsEmpty()
    ;({ account, hashes } = await accountFor(load, { rpc, portsOf: cluster.portsOf, users }))
    events = await readJetStream()
    const failures = Object.fromEntries(load.failures)
    const published = { events: events.hashes.size, deliveries: events.deliveries }
    printCounts('mailboxes after crashes', { ...account, ...published, attempted: load.attempted.size, failures })
  }, 180_000)
  afterAll(async () => {
    rpc.close()
    await cluster.stop()
  })

  async function killEverythingInTurn(): Promise<void> {
    const { cores, gateway, redis, nats } = cluster
    await load.untilAcknowledged(STRETCH)
    for (const core of cores) {
      await core.kill()
      // The other core goes on alone.
      await load.untilAcknowledged(STRETCH)
      await core.restart()
      await load.untilAcknowledged(STRETCH)
    }
    for (const part of [gateway, redis, nats]) {
      await part.kill()
      await load.untilFailed(WRITERS)
      await part.restart()
      await load.untilAcknowledged(STRETCH)
    }
  }

  async function untilOutboxIsEmpty(): Promise<void> {
    const redis = await connectRedis({ url: cluster.redis.url, onError: () => undefined })
    try {
      const mailboxes = await openRedisMailboxes({ redis, quota: { messages: 1, bytes: 1 } })
      const isEmpty = async (): Promise<boolean> => (await mailboxes.outbox(Infinity, 1)).length === 0
      if (!(await until(isEmpty, OUTBOX_MS))) throw new Error('events stay in the outbox')
    } finally {
      redis.disconnect()
    }
  }

  async function readJetStream(): Promise<ReadEvents> {
    const link = await connectNats({ servers: [cluster.nats.url], name: 'test', random: Math.random })
    try {
      return await readEvents(new JetStreamEvents({ link, random: Math.random }))
    } finally {
      await link.close()
    }
  }

  it('acknowledges messages between all crashes', () => {
    expect(account.acknowledged).toBeGreaterThanOrEqual(8 * STRETCH)
    expect(load.failures.get('another hash was acknowledged')).toBeUndefined()
  })

  it('loses no message that was acknowledged, and gives each once, in one order', () => {
    expect(account).toMatchObject({ lost: 0, repeated: 0, unknown: 0, misplaced: 0, unstable: 0 })
    expect(account.retrieved).toBeGreaterThanOrEqual(account.acknowledged)
  })

  it('publishes the event of every message that is there, and of no other', () => {
    expect([...hashes].filter((hash) => !events.hashes.has(hash))).toEqual([])
    expect([...events.hashes].filter((hash) => !hashes.has(hash))).toEqual([])
  })

  it('refuses with 503 what it cannot do, never with 500', () => {
    expect([...load.failures.keys()].filter((failure) => !/^(no answer$|503 )/.test(failure))).toEqual([])
  })

  it('names nobody in logs and metrics', async () => {
    const names = [CLIENT_ADDRESS, ...users.map((user) => user.account.hex.slice(2))]
    const secrets = { names, hashes: load.attempted }
    const [hash = ''] = load.attempted
    expect(findSecrets(`${names[1]} and "${hash}"`, secrets)).toHaveLength(2)
    for (const process of [cluster.gateway, ...cluster.cores]) {
      expect(process.output().length).toBeGreaterThan(100)
      expect(findSecrets(process.output(), secrets)).toEqual([])
      const metrics = await process.metrics()
      expect(metrics).toContain('sotto_')
      expect(findSecrets(metrics, secrets)).toEqual([])
    }
  })
})
