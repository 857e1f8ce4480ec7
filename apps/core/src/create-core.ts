import { NestFactory } from '@nestjs/core'
import type { CustomTransportStrategy } from '@nestjs/microservices'
import { type BusClient, bytes, mailboxChanged, messageStored } from '#bus'
import type { Crypto } from '#crypto'
import { blockHeight } from '#nodes'
import { type NetworkState, rememberingKeyCheck, STORAGE_VERSION, type SwarmNode } from '#protocol'
import { type Clock, DeadlineWheel, type Health, type Logger, type Metrics, OutgoingGuard } from '#runtime'
import type { Mailboxes } from '#stores'
import type { CoreConfig } from './config/core-config.ts'
import { CoreModule } from './core.module.ts'
import type { NewMessages } from './events/new-messages.ts'
import { OutboxRelay } from './events/outbox-relay.ts'
import { createPurger } from './expiry/purger.ts'
import { DaemonNames } from './names/daemon-names.ts'
import { noNames } from './names/no-names.ts'
import { SwarmNetwork } from './network.ts'
import { type CoreObserver, coreObserver } from './observer.ts'
import { OxendRequests } from './rpc/oxend-requests.ts'
import { RpcExecutor } from './rpc/rpc-executor.ts'
import { StorageRpcService } from './rpc/storage-rpc-service.ts'
import { LoopSignatures } from './signatures/loop-signatures.ts'
import type { Signatures } from './signatures/signatures.ts'
import { ThreadSignatures } from './signatures/thread-signatures.ts'
import { openMailboxes, type OpenMailboxes } from './stores/open-mailboxes.ts'
import { WaitingRoom } from './waiting/waiting-room.ts'

/** What the process gives to this service. */
export interface CoreDependencies {
  readonly crypto: Crypto
  readonly clock: Clock
  /** A clock that never jumps, for durations. */
  readonly monotonic: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  /** Every node of the network, in the order in which lists name them. */
  readonly nodes: readonly SwarmNode[]
  /** Seeds of the keys of the own nodes, 32 bytes each. */
  readonly seeds: readonly Uint8Array[]
  /** The bus's end in this process. */
  readonly busServer: CustomTransportStrategy
  /** Publishes events; it needs an event store. */
  readonly bus: BusClient
  /** Whether there can be other cores, whose waiting clients have to be told of new messages. */
  readonly hasReplicas: boolean
  /** Largest reply in bytes that the bus carries. */
  readonly replyLimit: number
  /** A store that the caller has opened and closes; none = the one that the configuration names. */
  readonly mailboxes?: Mailboxes
  /** What the network is said to be at a time in milliseconds; the newest that clients know unless given. */
  readonly stateAt?: (now: number) => NetworkState
}

/** The message core, ready to start. */
export interface Core {
  /** Verifies an Ed25519 signature (64 bytes, key 32 bytes) where the core verifies its own: for services in the same process. Never rejects. */
  readonly verify: Signatures['verify']
  /** How many clients wait for a message. */
  readonly waitingClients: number
  /** Takes requests. */
  start(): Promise<void>
  /** Answers those who wait, now and from now on: the deployment is about to stop. */
  releaseWaiting(): void
  /** Finishes what is under way and closes what it has opened. */
  stop(): Promise<void>
}

/** The hard fork that clients adapt to: 19.4 is the first with groups and several expiries at once (mailbox RPC §2.5). */
const HARD_FORK = [19, 4] as const
/** Conversions of keys that are remembered: about 30 MB, enough for the accounts that one core sees within minutes. */
const REMEMBERED_KEYS = 100_000
const WAIT_RESOLUTION_MS = 250
const newestState = (now: number): NetworkState => {
  return { hardFork: HARD_FORK, version: STORAGE_VERSION, height: blockHeight(now) }
}
const EVENTS_IN_FLIGHT = 1_024
const OUTBOX_GATHER_MS = 20
const OUTBOX_SWEEP_MS = 2_000
const OUTBOX_STALE_MS = 5_000

/** The same event with its value encoded already, as the outbox keeps it. */
const encodedMessageStored = { ...messageStored, codec: bytes }

/** Opens the store and makes the service out of its configuration. Rejects with `MailboxStoreError`. */
export async function createCore(config: CoreConfig, dependencies: CoreDependencies): Promise<Core> {
  const { crypto, clock, logger, metrics, health, busServer, bus, stateAt = newestState } = dependencies
  const observer = coreObserver(logger, metrics, dependencies.monotonic)
  const now = (): number => clock.now()
  const opened = await open(config, dependencies)
  const { mailboxes } = opened
  health.register('mailboxes', () => mailboxes.check())

  const room = new WaitingRoom(new DeadlineWheel(WAIT_RESOLUTION_MS), config.waitingClients)
  metrics.observed('core_waiting_clients', 'Clients that wait for a message.', () => room.count)
  const relay = new OutboxRelay({
    mailboxes,
    publish: ({ id, partition, payload }) =>
      bus.publish(encodedMessageStored, payload, { deduplicationId: id, partition }),
    now,
    maxInFlight: EVENTS_IN_FLIGHT,
    gatherMs: OUTBOX_GATHER_MS,
    sweepMs: OUTBOX_SWEEP_MS,
    staleMs: OUTBOX_STALE_MS,
    observer: observer.outbox,
  })
  const purger = createPurger({
    mailboxes,
    now,
    intervalMs: config.purgeIntervalMs,
    purged: (count) => observer.purged(count),
    failed: (error) => observer.failed('purge', error),
  })
  const names = nameResolver(config, observer)
  const signers = dependencies.seeds.map((seed) => crypto.ed25519.createSigner(seed))
  const network = new SwarmNetwork(dependencies.nodes, signers)
  const { seeds } = dependencies
  const failed = (error: unknown): void => observer.failed('signatures', error)
  const signatures = config.hasSignatureThread
    ? new ThreadSignatures({ crypto, seeds, signers, failed })
    : new LoopSignatures(crypto)
  const executor = new RpcExecutor({
    crypto,
    network,
    context: { crypto, mailboxes, newMessages: tellOfNewMessages(dependencies, room, relay, observer), signatures },
    room,
    oxend: new OxendRequests(network.nodes, names.resolver, (at) => stateAt(at).height),
    isKeyOfUser: rememberingKeyCheck(crypto, REMEMBERED_KEYS),
    now,
    stateAt,
    replyLimit: dependencies.replyLimit,
    failed: (error) => observer.failed('storage-rpc', error),
  })
  const service = new StorageRpcService(network, executor, observer.rpc)
  const app = await NestFactory.createMicroservice(CoreModule.register(service, room), {
    strategy: busServer,
    logger: false,
    abortOnError: false,
  })
  return {
    verify: (...claim) => signatures.verify(...claim),
    get waitingClients() {
      return room.count
    },
    async start() {
      await app.listen()
      relay.start()
      purger.start()
      logger.info('core-started', { nodes: signers.length })
    },
    releaseWaiting: () => room.close(),
    async stop() {
      room.close()
      await app.close()
      await Promise.all([purger.stop(), relay.stop(), names.close(), signatures.close()])
      await opened.close()
    },
  }
}

async function open(config: CoreConfig, { mailboxes, crypto, logger }: CoreDependencies): Promise<OpenMailboxes> {
  if (mailboxes !== undefined) return { mailboxes, close: async () => {} }
  return openMailboxes(config, crypto, (error) => logger.warn('store-connection', {}, error))
}

function tellOfNewMessages(
  { bus, hasReplicas }: CoreDependencies,
  room: WaitingRoom,
  relay: OutboxRelay,
  observer: CoreObserver,
): NewMessages {
  return {
    stored({ account, namespace }, event, { evicted }) {
      observer.stored(evicted)
      room.notify({ account: account.hex, namespace })
      relay.offer(event)
      if (!hasReplicas) return
      // Lost notices only make a client wait to the end of its time, so nothing is repeated here.
      bus
        .publish(mailboxChanged, { account: account.bytes, namespace })
        .catch((error: unknown) => observer.failed('outbox', error))
    },
  }
}

function nameResolver(
  { nameResolver: url }: CoreConfig,
  observer: CoreObserver,
): { readonly resolver: DaemonNames | typeof noNames; close(): Promise<void> } {
  if (url === undefined) return { resolver: noNames, close: async () => {} }
  const guard = new OutgoingGuard({ allowList: [url.host], allowPublic: false })
  const resolver = new DaemonNames(guard, url, (error) => observer.failed('names', error))
  return { resolver, close: () => guard.close() }
}
