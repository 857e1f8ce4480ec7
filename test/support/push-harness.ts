import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createPush,
  EVENT_DELIVERY,
  type OutgoingNotification,
  type Provider,
  type Push,
  pushConfig,
  type PushDependencies,
  type PushStores,
  type SendOutcome,
} from '#apps/push'
import { BusClient } from '#bus'
import { InProcessBus, InProcessClient, InProcessServer, SqliteEvents } from '#bus/in-process/index'
import { nativeCrypto } from '#crypto/native/index'
import { createLogger, createMetrics, Health, type Metrics } from '#runtime'
import { freePort } from './backends/probe.ts'

/** What a relay of a test is made of; a clock that stands is enough where nothing is delivered. */
export interface TestPushOptions {
  readonly clock: { now(): number }
  /** Undefined = SQLite in a directory of its own. The caller closes what it gives. */
  readonly stores?: PushStores
  readonly providers?: ReadonlyMap<string, Provider>
  readonly environment?: Readonly<Record<string, string>>
  /** Undefined = one of its own. */
  readonly dataDirectory?: string
}

/** A push relay in this process, with its bus. */
export interface InProcessPush {
  readonly push: Push
  readonly url: string
  /** X25519 key that requests are sealed to, 32 bytes. */
  readonly key: Uint8Array
  /** Publishes what the relay listens to. */
  readonly bus: BusClient
  readonly metrics: Metrics
  close(): Promise<void>
}

/** Starts a relay on an in-process bus on a free port of 127.0.0.1. */
export async function startInProcessPush(options: TestPushOptions): Promise<InProcessPush> {
  const root = await mkdtemp(join(tmpdir(), 'sotto-push-'))
  const events = new SqliteEvents({ file: join(root, 'events.sqlite'), now: Date.now, random: Math.random })
  const inProcess = new InProcessBus({ maxPayload: 1_048_576 })
  const bus = new BusClient({ transport: new InProcessClient({ bus: inProcess }), events })
  const metrics = createMetrics({ process: false })
  const { clock, stores, providers, environment, dataDirectory = root } = options
  const port = await freePort()
  const dependencies: PushDependencies = {
    crypto: nativeCrypto,
    clock,
    monotonic: performance,
    random: Math.random,
    logger: createLogger({ level: 'silent', service: 'push' }),
    metrics,
    health: new Health(),
    busServer: new InProcessServer({
      bus: inProcess,
      service: 'push',
      maxInFlight: 64,
      events,
      delivery: EVENT_DELIVERY,
    }),
    ...(stores && { stores }),
    ...(providers && { providers }),
  }
  const config = pushConfig({
    SOTTO_DATA_DIR: dataDirectory,
    SOTTO_PUSH_PORT: port.toString(),
    ...environment,
  })
  const push = await createPush(config, dependencies)
  await push.start()
  const close = async (): Promise<void> => {
    await push.stop()
    await events.close()
    await rm(root, { recursive: true })
  }
  const [newest] = push.keys.x25519
  if (newest === undefined) throw new Error('the relay has no key')
  return { push, url: push.url, key: newest.publicKey, bus, metrics, close }
}

/** A provider that keeps what it gets and says what `answer` says, at first that all is well. */
export class RecordingProvider implements Provider {
  readonly received: OutgoingNotification[] = []
  answer: (notification: OutgoingNotification) => SendOutcome | Promise<SendOutcome> = () => ({ kind: 'handed-over' })

  constructor(readonly keepsOnlyLast = false) {}

  async send(notification: OutgoingNotification): Promise<SendOutcome> {
    this.received.push(notification)
    return this.answer(notification)
  }

  async close(): Promise<void> {}
}
