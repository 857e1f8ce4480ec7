import { join } from 'node:path'
import type { CustomTransportStrategy } from '@nestjs/microservices'
import type { Crypto } from '#crypto'
import { loadServiceKeys, sealedMemory, type ServiceKeys, stallDeadline } from '#endpoints'
import { ByteBudget, type Clock, DeadlineWheel, type Health, type Logger, type Metrics, portError } from '#runtime'
import { type AttachmentsService, startAttachments } from './attachments.ts'
import type { AttachmentsConfig } from './config/attachments-config.ts'
import { ATTACHMENTS_VARIABLES } from './config/variables.ts'
import { attachmentsEvents } from './events.ts'
import { openSources } from './releases/open-sources.ts'
import { openStores } from './stores/open-stores.ts'
import { closeStores, type Stores } from './stores/stores.ts'

/** What the process gives to this service. */
export interface AttachmentsDependencies {
  readonly crypto: Crypto
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  /** The bus's end in this process; none = the service is not on a bus. */
  readonly busServer?: CustomTransportStrategy
  /** Stores that the caller has opened and closes; none = those that the configuration names. */
  readonly stores?: Stores
}

/** The attachment service, ready to start. */
export interface Attachments {
  readonly keys: ServiceKeys
  /** Where clients and the gateway reach it. */
  readonly url: string
  /** Listens. Rejects with `PortUnavailableError` when the port cannot be had. */
  start(): Promise<void>
  /** Finishes what is under way and closes what it has opened. */
  stop(): Promise<void>
}

/** How long a sealed request waits for memory before it is told to come back. */
const MEMORY_WAIT_MS = 10_000
const WHEEL_RESOLUTION_MS = 1000

/**
 * Loads the keys, opens the stores and makes the service out of its configuration. Rejects with the coded errors of secrets and stores
 * when they cannot be used; the message is one sentence for the operator.
 */
export async function createAttachments(
  config: AttachmentsConfig,
  dependencies: AttachmentsDependencies,
): Promise<Attachments> {
  const { crypto, clock, logger, health, busServer } = dependencies
  const keys = await loadServiceKeys(crypto, {
    seedFile: join(config.dataDirectory, 'attachments-ed25519-seed'),
    oldKeys: { variable: ATTACHMENTS_VARIABLES.oldKeysFile.name, file: config.oldKeysFile },
  })
  const stores =
    dependencies.stores ?? (await openStores(config, crypto, (error) => logger.warn('store-connection', {}, error)))
  const { records, blobs } = stores
  const now = (): number => clock.now()
  const events = attachmentsEvents(logger, dependencies.metrics)
  const budget = new ByteBudget(config.sealedMemoryBytes)
  dependencies.metrics.observed('sealed_bytes_limit', 'Bytes of sealed requests in memory at most.', () => budget.limit)
  dependencies.metrics.observed('sealed_bytes', 'Bytes of sealed requests in memory.', () => budget.used)
  health.register('file-records', () => records.check())
  health.register('blobs', () => blobs.check())
  const report = (error: unknown): void => logger.warn('source-unreadable', {}, error)
  let service: AttachmentsService | undefined
  return {
    keys,
    url: config.publicUrl,
    async start() {
      const parts = {
        crypto,
        keys,
        records,
        blobs,
        now,
        events,
        observer: events,
        sources: openSources(config.sources, now, report),
        memory: sealedMemory(budget, MEMORY_WAIT_MS),
        deadline: stallDeadline(new DeadlineWheel(WHEEL_RESOLUTION_MS), config.stallDeadlineMs),
        ...(busServer === undefined ? {} : { busServer }),
      }
      try {
        service = await startAttachments(config, parts)
      } catch (error) {
        throw portError(error, config.port, 'SOTTO_ATTACHMENTS_PORT')
      }
      logger.info('attachments-started', { port: service.port })
    },
    async stop() {
      await service?.stop()
      if (dependencies.stores === undefined) await closeStores(stores)
    },
  }
}
