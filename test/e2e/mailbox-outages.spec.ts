import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { buildUnsignedStore, type RequestSigner } from '#protocol'
import { until } from '../support/backends/probe.ts'
import { type MailboxCluster, startMailboxCluster } from '../support/mailbox-cluster.ts'
import { type PlainAnswer, PlainRpc } from '../support/plain-rpc.ts'
import { randomUsers } from '../support/store-load.ts'

const UNAVAILABLE = { status: 503, body: 'Service node is not ready: storage unavailable\n' }
const STORES = 5
/** Longer than a store waits for Redis, and less than half of what the gateway gives to the core: an outage is not waited out. */
const ANSWER_MS = 12_000

describe('a cluster whose parts go away', () => {
  const [user] = randomUsers(1) as [RequestSigner]
  const rpc = new PlainRpc({ answerMs: ANSWER_MS })
  let cluster: MailboxCluster

  beforeAll(async () => {
    cluster = await startMailboxCluster({ cores: 1 })
  }, 120_000)
  afterAll(async () => {
    rpc.close()
    await cluster.stop()
  }, 120_000)

  function store(): Promise<PlainAnswer> {
    const [port] = cluster.portsOf(user.account) as [number]
    const data = nativeCrypto.randomBytes(1_000)
    const message = { namespace: 0, timestamp: Date.now(), ttl: 3_600_000, data }
    return rpc.call(port, buildUnsignedStore(user.account, message))
  }

  async function expectRefusals(): Promise<void> {
    for (let i = 0; i < STORES; i++) expect(await store()).toEqual(UNAVAILABLE)
  }

  async function expectServiceAgain(): Promise<void> {
    expect(await until(async () => (await store()).status === 200)).toBe(true)
  }

  async function isCoreReady(): Promise<boolean> {
    const ready = await Promise.all(cluster.cores.map((core) => core.isReady()))
    return ready.every(Boolean)
  }

  it('stores while everything is there', async () => {
    expect(await store()).toMatchObject({ status: 200 })
    expect(await isCoreReady()).toBe(true)
  })

  it('answers 503 and is not ready while Redis is away, and serves again by itself', async () => {
    await cluster.redis.kill()
    await expectRefusals()
    expect(await until(async () => !(await isCoreReady()))).toBe(true)
    await cluster.redis.restart()
    await expectServiceAgain()
    expect(await until(isCoreReady)).toBe(true)
  })

  it('answers 503 without waiting and is not ready while NATS is away, and serves again by itself', async () => {
    await cluster.nats.kill()
    expect(await until(async () => !(await cluster.gateway.isReady()))).toBe(true)
    expect(await until(async () => !(await isCoreReady()))).toBe(true)
    await expectRefusals()
    await cluster.nats.restart()
    await expectServiceAgain()
    expect(await until(isCoreReady)).toBe(true)
    expect(await until(() => cluster.gateway.isReady())).toBe(true)
  })

  it('answers 503 while no core is there, and serves again by itself', async () => {
    const [core] = cluster.cores
    await core?.kill()
    await expectRefusals()
    await core?.restart()
    await expectServiceAgain()
  })
})
