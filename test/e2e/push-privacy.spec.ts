import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { Redis } from 'ioredis'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { startRedis, type RedisBackend } from '../support/backends/index.ts'
import { until } from '../support/backends/probe.ts'
import { shownBooks } from '../support/push-books.ts'
import { type PushCluster, startPushCluster } from '../support/push-cluster.ts'
import { Cleanup } from '../support/push-cleanup.ts'
import { PrivateLife } from '../support/push-private-life.ts'
import { PROVIDED, PushProviders } from '../support/push-providers.ts'
import {
  freePortBase,
  type StandaloneProcess,
  startStandaloneProcess,
  temporaryDirectory,
} from '../support/standalone.ts'
import { swarmPorts } from '../support/swarm-ports.ts'

const NODES = 12
/** Offset of the relay's port. */
const RELAY = 2

function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Whether every provider has its notifications as they are to stay: dead tokens are dead, and quoting failures wait. */
async function isSettled(metrics: () => Promise<string>): Promise<boolean> {
  const text = await metrics()
  const attempts = PROVIDED.every((service) =>
    new RegExp(`^sotto_push_failed_attempts_total\\{service="${service}",.*\\} [1-9]`, 'm').test(text),
  )
  const books = PROVIDED.map((service) => shownBooks(text, service))
  return attempts && books.every((one) => one?.ends['token-dead'] === 1 && one.ends['handed-over'] === 1)
}

describe('what the operator of a standalone gets to see of push', () => {
  const directory = temporaryDirectory()
  const data = join(directory, 'data')
  const cleanup = new Cleanup()
  let providers: PushProviders
  let sotto: StandaloneProcess
  let life: PrivateLife

  const metrics = async (): Promise<string> => (await fetch(`${sotto.operations}/metrics`)).text()

  beforeAll(async () => {
    cleanup.add(() => rmSync(directory, { recursive: true, force: true }))
    providers = await PushProviders.start(join(directory, 'credentials'))
    cleanup.add(() => providers.stop())
    const base = await freePortBase()
    const clusterSecret = nativeCrypto.randomBytes(32)
    sotto = await startStandaloneProcess({
      ...providers.environment,
      SOTTO_DATA_DIR: data,
      SOTTO_HTTP_PORT: String(base),
      SOTTO_CLUSTER_SECRET: toHex(clusterSecret),
      SOTTO_NODE_COUNT: String(NODES),
      SOTTO_LOG_LEVEL: 'debug',
    })
    cleanup.add(async () => void (await sotto.stop()))
    const portsOf = await swarmPorts({ clusterSecret, nodeCount: NODES, nodePortBase: base + 20 })
    life = new PrivateLife({ providers, relay: `http://127.0.0.1:${base + RELAY}`, portsOf })
    cleanup.add(() => life.close())
    await life.live()
    expect(await until(() => isSettled(metrics))).toBe(true)
  }, 120_000)
  afterAll(() => cleanup.run(), 60_000)

  it('has something to look for, and finds it where it is', () => {
    expect(life.secrets.size).toBeGreaterThanOrEqual(9)
    const stored = readFileSync(join(data, 'core', 'mailboxes.sqlite'))
    const written = readFileSync(join(data, 'core', 'mailboxes.sqlite-wal'))
    expect(life.secrets.foundIn(Buffer.concat([stored, written]))).toEqual(
      expect.arrayContaining(['account', 'hash', 'message']),
    )
  })

  it('names nobody in the log, even at its most talkative', () => {
    expect(sotto.output()).toContain('notification-handed-over')
    expect(sotto.output()).toContain('push-failed')
    expect(life.secrets.foundIn(sotto.output())).toEqual([])
  })

  it('names nobody in the metrics', async () => {
    expect(life.secrets.foundIn(await metrics())).toEqual([])
  })

  it('names nobody in file names', () => {
    expect(life.secrets.foundIn(filesIn(data).join('\n'))).toEqual([])
  })

  it('keeps nothing but sealed devices and digests, while it runs and after it has stopped', async () => {
    const isOfCore = (file: string): boolean => /^(events|mailboxes)\.sqlite/.test(basename(file))
    const expectSealed = (): void => {
      const files = filesIn(data).filter((file) => !isOfCore(file))
      for (const name of ['subscriptions.sqlite', 'notifications.sqlite']) {
        expect(files.map((file) => basename(file))).toContain(name)
      }
      const leaks = files.map((file) => [basename(file), life.secrets.foundIn(readFileSync(file))])
      expect(leaks.filter(([, found]) => (found?.length ?? 0) > 0)).toEqual([])
    }
    for (const service of PROVIDED) expect(shownBooks(await metrics(), service)).toMatchObject({ waiting: 1 })
    expectSealed()
    await sotto.stop()
    expectSealed()
  })
})

describe('what the operator of a cluster gets to see of push', () => {
  const directory = temporaryDirectory()
  const subjects = new Set<string>()
  const cleanup = new Cleanup()
  let providers: PushProviders
  let redis: RedisBackend
  let cluster: PushCluster
  let nats: NatsConnection
  let life: PrivateLife

  const metrics = async (): Promise<string> => (await cluster.relays[0]?.process.metrics()) ?? ''

  beforeAll(async () => {
    cleanup.add(() => rmSync(directory, { recursive: true, force: true }))
    providers = await PushProviders.start(join(directory, 'credentials'))
    cleanup.add(() => providers.stop())
    redis = await startRedis()
    cleanup.add(() => redis.stop())
    const own = { SOTTO_REDIS_URL: redis.url, SOTTO_LOG_LEVEL: 'debug' }
    cluster = await startPushCluster({ relays: 1, environment: { ...providers.environment, ...own } })
    cleanup.add(() => cluster.stop())
    const { mailboxes, relays } = cluster
    nats = await connect({ servers: [mailboxes.nats.url] })
    cleanup.add(() => nats.close())
    nats.subscribe('>', { callback: (_error, { subject }) => void subjects.add(subject) })
    await nats.flush()
    life = new PrivateLife({ providers, relay: relays[0]?.url ?? '', portsOf: mailboxes.portsOf })
    cleanup.add(() => life.close())
    await life.live()
    expect(await until(() => isSettled(metrics))).toBe(true)
  }, 120_000)
  afterAll(() => cleanup.run(), 60_000)

  it('names nobody in the log and in the metrics of the relay', async () => {
    const output = cluster.relays[0]?.process.output() ?? ''
    expect(output).toContain('push-failed')
    expect(life.secrets.foundIn(output)).toEqual([])
    expect(life.secrets.foundIn(await metrics())).toEqual([])
  })

  it('names nobody in subjects, streams and consumers', async () => {
    const manager = await jetstreamManager(nats)
    const names: string[] = [...subjects]
    for await (const { config } of manager.streams.list()) {
      names.push(config.name, ...config.subjects)
      for await (const consumer of manager.consumers.list(config.name)) names.push(JSON.stringify(consumer))
    }
    expect(subjects.size).toBeGreaterThan(0)
    expect(names.some((name) => name.includes('SOTTO_MESSAGE_STORED'))).toBe(true)
    expect(life.secrets.foundIn(names.join('\n'))).toEqual([])
  })

  it('keeps nothing in Redis but sealed devices and digests', async () => {
    const client = new Redis(redis.url)
    try {
      for (const service of PROVIDED) expect(shownBooks(await metrics(), service)).toMatchObject({ waiting: 1 })
      // As it is, or compression would hide what is there.
      await client.config('SET', 'rdbcompression', 'no')
      await client.save()
      const [, home = ''] = (await client.config('GET', 'dir')) as [string, string]
      const files = filesIn(home)
      expect(files.map((file) => basename(file))).toContain('dump.rdb')
      expect(files.some((file) => file.endsWith('.aof'))).toBe(true)
      const content = Buffer.concat(files.map((file) => readFileSync(file)))
      for (const service of PROVIDED) expect(content.includes(service)).toBe(true)
      expect(life.secrets.foundIn(content)).toEqual([])
      expect(life.secrets.foundIn(files.join('\n'))).toEqual([])
    } finally {
      client.disconnect()
    }
  })
})
