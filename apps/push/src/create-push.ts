import { join } from 'node:path'
import type { CustomTransportStrategy } from '@nestjs/microservices'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Crypto } from '#crypto'
import { closeWhenIdle, loadServiceKeys, type ServiceKeys } from '#endpoints'
import { rememberingKeyCheck, type VerifySignature } from '#protocol'
import { type Clock, type Health, loadOrCreateSecret, type Logger, type Metrics, portError } from '#runtime'
import { createApp } from './create-app.ts'
import type { PushConfig } from './config/push-config.ts'
import { PUSH_VARIABLES } from './config/variables.ts'
import { createDelivery, DEFAULT_DELIVERY_LIMITS, type Delivery } from './delivery/index.ts'
import { type PushEvents, pushEvents } from './events.ts'
import { NotifyDevices } from './notices/notify-devices.ts'
import { outgoingNotification } from './notices/outgoing-notification.ts'
import { observePush } from './observe-push.ts'
import { closeProviders, openProviders, type OpenProviders, type Providers } from './providers/open-providers.ts'
import { Registration } from './registration/registration.ts'
import { servedTokenRules } from './registration/served-token-rules.ts'
import { type PushSecrets, pushSecrets } from './secrets/push-secrets.ts'
import { DeviceSealer } from './secrets/sealed-device.ts'
import { openStores } from './stores/open-stores.ts'
import { closeStores, type Stores } from './stores/stores.ts'
import { createUpkeep } from './upkeep/upkeep.ts'

/** What the process gives to this service. */
export interface PushDependencies {
  readonly crypto: Crypto
  readonly clock: Clock
  /** A clock that never jumps, for durations. */
  readonly monotonic: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  /** The bus's end in this process, with the durable events. */
  readonly busServer: CustomTransportStrategy
  /** A better place than the event loop to verify signatures; none = the event loop. */
  readonly verify?: VerifySignature
  /** Stores that the caller has opened and closes; none = those that the configuration names. */
  readonly stores?: Stores
  /** Providers that the caller has opened and closes, by service; none = those that the configuration names. */
  readonly providers?: Providers
}

/** The push relay, ready to start. */
export interface Push {
  readonly keys: ServiceKeys
  /** Where clients and the gateway reach it. */
  readonly url: string
  /** Names of the push services that it serves. */
  readonly services: readonly string[]
  /** Listens. Rejects with `PortUnavailableError` when the port cannot be had. */
  start(): Promise<void>
  /** Finishes what is under way and closes what it has opened. */
  stop(): Promise<void>
}

/** Conversions of keys that are remembered: phones subscribe for the same account again and again. */
const REMEMBERED_KEYS = 10_000

/**
 * Loads the keys, opens stores and providers, and makes the service out of its configuration. Rejects with the coded errors of secrets, stores
 * and providers when they cannot be used; the message is one sentence for the operator.
 */
export async function createPush(config: PushConfig, dependencies: PushDependencies): Promise<Push> {
  const { crypto, logger, health } = dependencies
  const keys = await loadServiceKeys(crypto, {
    seedFile: join(config.dataDirectory, 'push-ed25519-seed'),
    oldKeys: { variable: PUSH_VARIABLES.oldKeysFile.name, file: config.oldKeysFile },
  })
  const secrets = pushSecrets(crypto, config.secret ?? loadSecret(crypto, config.dataDirectory))
  const { providers, applicationServerKey }: OpenProviders =
    dependencies.providers === undefined
      ? await openProviders(config, dependencies)
      : { providers: dependencies.providers }
  const closeOwn = async (stores?: Stores): Promise<void> => {
    if (dependencies.providers === undefined) await closeProviders(providers)
    if (dependencies.stores === undefined && stores !== undefined) await closeStores(stores)
  }
  let stores: Stores | undefined
  try {
    stores = dependencies.stores ?? (await openStores(config, (error) => logger.warn('store-connection', {}, error)))
    const { subscriptions, notifications } = stores
    health.register('subscriptions', () => subscriptions.check())
    health.register('notifications', () => notifications.check())
    const own = { keys, secrets, stores, providers, applicationServerKey, close: () => closeOwn(stores) }
    return assemble(config, dependencies, own)
  } catch (error) {
    await closeOwn(stores)
    throw error
  }
}

interface Parts {
  readonly keys: ServiceKeys
  readonly secrets: PushSecrets
  readonly stores: Stores
  readonly providers: Providers
  readonly applicationServerKey: string | undefined
  readonly close: () => Promise<void>
}

function loadSecret(crypto: Crypto, dataDirectory: string): Uint8Array {
  return loadOrCreateSecret({
    file: join(dataDirectory, 'push-secret'),
    length: 32,
    randomBytes: (length) => crypto.randomBytes(length),
  })
}

function assemble(config: PushConfig, dependencies: PushDependencies, parts: Parts): Push {
  const { crypto, clock, logger, metrics, monotonic } = dependencies
  const { keys, secrets, providers } = parts
  const { subscriptions, notifications } = parts.stores
  const services = [...providers.keys()]
  const now = (): number => clock.now()
  const sealer = new DeviceSealer(crypto, secrets.sealingKey)
  const events = pushEvents(logger, metrics, monotonic, services)
  const delivery = deliveryOf(config, dependencies, parts, sealer, events)
  const upkeep = createUpkeep({
    subscriptions,
    notifications,
    services,
    now,
    intervalMs: config.sweepIntervalMs,
    timeToLiveMs: config.queue.timeToLiveMs,
    subscriptionsExpired: (count) => events.subscription('expired', count),
    notificationsExpired: (service, count) => events.ended(service, 'expired', count),
    failed: (error) => events.trouble('upkeep', error),
  })
  const registration = new Registration({
    crypto,
    secrets,
    sealer,
    subscriptions,
    services: servedTokenRules(services, config.providers.webPush?.allowList ?? []),
    isKeyOfUser: rememberingKeyCheck(crypto, REMEMBERED_KEYS),
    ...(dependencies.verify && { verify: dependencies.verify }),
    now,
    events,
  })
  const notify = new NotifyDevices({
    crypto,
    secrets,
    sealer,
    subscriptions,
    notifications,
    services: new Set(services),
    now,
    timeToLiveMs: config.queue.timeToLiveMs,
    isPaddedToOneSize: config.isPaddedToOneSize,
    wake: (service) => delivery.wake(service),
    events,
  })
  observePush(metrics, { services, subscriptions, notifications, delivery, events })
  let app: NestFastifyApplication | undefined
  return {
    keys,
    url: config.publicUrl,
    services,
    async start() {
      app = await createApp(config, dependencies, { ...parts, registration, notify, events })
      try {
        await app.listen(config.port, config.host)
      } catch (error) {
        throw portError(error, config.port, PUSH_VARIABLES.port.name)
      }
      delivery.start()
      upkeep.start()
      logger.info('push-started', { port: config.port, count: services.length })
    },
    async stop() {
      const running = app
      if (running !== undefined) await closeWhenIdle(running.getHttpServer(), () => running.close())
      await Promise.all([delivery.stop(), upkeep.stop()])
      await parts.close()
    },
  }
}

function deliveryOf(
  { queue }: PushConfig,
  { clock, monotonic, random }: PushDependencies,
  { stores: { subscriptions, notifications }, providers }: Parts,
  sealer: DeviceSealer,
  events: PushEvents,
): Delivery {
  return createDelivery({
    notifications,
    providers,
    open: (content) => outgoingNotification(sealer, content),
    clock,
    monotonic: () => monotonic.now(),
    random,
    limits: {
      ...DEFAULT_DELIVERY_LIMITS,
      maxInFlight: queue.inFlight,
      leaseMs: queue.leaseMs,
      batchWindowMs: queue.batchWindowMs,
    },
    observer: events.delivery,
    async onDeadToken(device, since) {
      const removed = await subscriptions.removeDevice(device, since)
      if (removed > 0) events.subscription('token-dead', removed)
    },
  })
}
