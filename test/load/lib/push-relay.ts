import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPush, EVENT_DELIVERY, type Provider, pushConfig, type PushConfig, type PushStores } from '#apps/push'
import { BusClient, MESSAGE_PARTITIONS, messageStored, type MessageStored } from '#bus'
import { InProcessBus, InProcessClient, InProcessServer, SqliteEvents } from '#bus/in-process/index'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { createLogger, createMetrics, Health, systemClock } from '#runtime'
import type { NotificationBooks } from '#stores'
import type { PushSecrets } from '../../../apps/push/src/secrets/push-secrets.ts'
import type { DeviceSealer } from '../../../apps/push/src/secrets/sealed-device.ts'
import { builtPush } from './built-push.ts'
import { fillSubscriptions, type Filling } from './fill-subscriptions.ts'

const logger = createLogger({ level: 'silent', service: 'push' })

/** How long whatever was published may take to leave the relay. */
const MAX_DRAIN_MS = 300_000

/**
 * The built relay in this process with the durable event queue in front of it, as the standalone has them, on SQLite in a directory of its own. Events may be
 * published before it starts: they wait.
 */
export class BenchRelay {
  readonly directory: string
  readonly config: PushConfig
  readonly #stores: PushStores
  readonly #secrets: PushSecrets
  readonly #sealer: DeviceSealer
  readonly #events: SqliteEvents
  readonly #bus: BusClient
  readonly #inProcess: InProcessBus
  #stop: () => Promise<void> = async () => undefined

  private constructor(
    directory: string,
    config: PushConfig,
    parts: { readonly stores: PushStores; readonly secrets: PushSecrets; readonly sealer: DeviceSealer },
  ) {
    this.directory = directory
    this.config = config
    this.#stores = parts.stores
    this.#secrets = parts.secrets
    this.#sealer = parts.sealer
    this.#events = new SqliteEvents({ file: join(directory, 'events.sqlite'), now: Date.now, random: Math.random })
    this.#inProcess = new InProcessBus({ maxPayload: 1_048_576 })
    this.#bus = new BusClient({ transport: new InProcessClient({ bus: this.#inProcess }), events: this.#events })
  }

  /** Opens the stores; nothing listens or is delivered yet. */
  static async open(port: number, environment: Readonly<Record<string, string>> = {}): Promise<BenchRelay> {
    const directory = mkdtempSync(join(tmpdir(), 'sotto-push-bench-'))
    const secret = nativeCrypto.randomBytes(32)
    const config = pushConfig({
      SOTTO_DATA_DIR: directory,
      SOTTO_PUSH_PORT: String(port),
      SOTTO_PUSH_SECRET: toHex(secret),
      SOTTO_PUSH_WEB: 'off',
      ...environment,
    })
    const [{ openStores }, { pushSecrets }, { DeviceSealer }] = await Promise.all([
      builtPush('stores/open-stores'),
      builtPush('secrets/push-secrets'),
      builtPush('secrets/sealed-device'),
    ])
    const stores = await openStores(config, () => undefined)
    const secrets = pushSecrets(nativeCrypto, secret)
    return new BenchRelay(directory, config, {
      stores,
      secrets,
      sealer: new DeviceSealer(nativeCrypto, secrets.sealingKey),
    })
  }

  /** The providers that the configuration names, as the relay opens them. */
  async openProviders(): Promise<ReadonlyMap<string, Provider>> {
    const { openProviders } = await builtPush('providers/open-providers')
    const { providers } = await openProviders(this.config, { crypto: nativeCrypto, clock: systemClock, logger })
    return providers
  }

  fill(filling: Pick<Filling, 'service' | 'count' | 'deviceOf'>): Promise<number> {
    const { subscriptions } = this.#stores
    return fillSubscriptions({ ...filling, subscriptions, secrets: this.#secrets, sealer: this.#sealer })
  }

  /** Begins to take events and to deliver. */
  async start(providers: ReadonlyMap<string, Provider>): Promise<void> {
    const push = await createPush(this.config, {
      crypto: nativeCrypto,
      clock: systemClock,
      monotonic: performance,
      random: Math.random,
      logger,
      metrics: createMetrics({ process: false }),
      health: new Health(),
      busServer: new InProcessServer({
        bus: this.#inProcess,
        service: 'push',
        maxInFlight: 64,
        events: this.#events,
        delivery: EVENT_DELIVERY,
      }),
      stores: this.#stores,
      providers,
    })
    await push.start()
    this.#stop = () => push.stop()
  }

  /** Resolves when the event is stored durably. */
  publish(stored: MessageStored): Promise<void> {
    const partition = stored.account[4] ?? 0
    return this.#bus.publish(messageStored, stored, {
      partition: partition % MESSAGE_PARTITIONS,
      deduplicationId: randomUUID(),
    })
  }

  async books(service: string): Promise<NotificationBooks> {
    const none = { accepted: 0, waiting: 0, ends: { 'handed-over': 0, expired: 0, 'token-dead': 0, 'given-up': 0 } }
    return (await this.#stores.notifications.books()).get(service) ?? none
  }

  /** Resolves when so many notifications have been accepted, delivered or not. */
  async accepted(service: string, expected: number): Promise<void> {
    await this.#until(service, ({ accepted }) => accepted >= expected)
  }

  /** Resolves when no event and no notification waits. Throws unless `expected` notifications have all been handed over. */
  async drained(service: string, expected: number): Promise<void> {
    const books = await this.#until(service, ({ accepted, waiting }) => accepted >= expected && waiting === 0)
    const { dead } = await this.#events.depth(messageStored)
    if (books.accepted !== expected || books.ends['handed-over'] !== expected || dead > 0) {
      throw new Error(`${expected} were published: ${JSON.stringify({ ...books, dead })}`)
    }
  }

  /** Ends everything and removes the directory. */
  async close(): Promise<void> {
    await this.#stop()
    await this.#events.close()
    await this.#stores.subscriptions.close()
    await this.#stores.notifications.close()
    rmSync(this.directory, { recursive: true, force: true })
  }

  async #until(service: string, isReached: (books: NotificationBooks) => boolean): Promise<NotificationBooks> {
    const end = performance.now() + MAX_DRAIN_MS
    for (;;) {
      const books = await this.books(service)
      if (isReached(books)) return books
      if (performance.now() > end) throw new Error(`not in time: ${JSON.stringify(books)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
