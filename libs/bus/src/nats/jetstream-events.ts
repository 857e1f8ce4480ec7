import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'
import { assertPartition, type EventDefinition } from '../contract/definition.ts'
import { assertPublishable } from '../durable/assert-publishable.ts'
import type { DeliverTools } from '../durable/deliver.ts'
import type {
  DurableEvents,
  DurableSubscription,
  EventDepth,
  PublishOptions,
  SubscribeOptions,
} from '../durable/durable-events.ts'
import { deadStreamName, ensureStreams, storedSubject, streamName, type EventStreamSettings } from './event-streams.ts'
import { translateJetStreamError } from './jetstream-error.ts'
import { JetStreamSubscription } from './jetstream-subscription.ts'
import type { NatsLink } from './nats-link.ts'

export interface JetStreamEventsOptions extends DeliverTools {
  readonly link: NatsLink
  /** How long `publish` waits until the event is stored; default 5,000. */
  readonly publishTimeoutMs?: number
  /** Default: duplicates 10 minutes, dead letters 30 days, one replica, no limit of events. */
  readonly streams?: Partial<EventStreamSettings>
}

const DEFAULTS: EventStreamSettings = {
  duplicateWindowMs: 600_000,
  deadLetterMs: 30 * 86_400_000,
  replicas: 1,
  maxEvents: -1,
}
// The deduplication id and its header count as payload.
const HEADER_BYTES = 512

/**
 * Durable events in JetStream: one work-queue stream on disk and one stream of dead letters for each event, created when they are
 * first needed. JetStream acknowledges before it syncs to disk, so whoever must not lose an event keeps it in an outbox until
 * `publish` resolves, and whatever the event tells of stays in its own store.
 */
export class JetStreamEvents implements DurableEvents {
  readonly #options: JetStreamEventsOptions
  readonly #settings: EventStreamSettings
  readonly #client: JetStreamClient
  readonly #ready = new Map<string, Promise<void>>()
  readonly #subscriptions = new Set<DurableSubscription>()
  #manager: Promise<JetStreamManager> | undefined

  constructor(options: JetStreamEventsOptions) {
    this.#options = options
    this.#settings = { ...DEFAULTS, ...options.streams }
    this.#client = jetstream(options.link.connection)
  }

  async publish<Value>(event: EventDefinition<Value>, value: Value, options: PublishOptions): Promise<void> {
    assertPartition(event, options.partition)
    const payload = event.codec.encode(value)
    assertPublishable(event, options, payload, this.#maxPayload)
    const store = async (): Promise<void> => {
      await this.#ensure(event)
      await this.#client.publish(storedSubject(event, options.partition), payload, {
        msgID: options.deduplicationId,
        timeout: this.#options.publishTimeoutMs ?? 5_000,
      })
    }
    try {
      await store().catch((error: unknown) => {
        // No stream takes the subject: it was deleted, or the server is new. It is made again, once.
        if (!isUnanswered(error)) throw error
        this.#ready.delete(event.subject)
        return store()
      })
    } catch (error) {
      throw translateJetStreamError(error, event.subject)
    }
  }

  async subscribe<Value>(
    event: EventDefinition<Value>,
    options: SubscribeOptions<Value>,
  ): Promise<DurableSubscription> {
    const subscription = new JetStreamSubscription(event, options, {
      client: this.#client,
      manager: () => this.#jetStreamManager(),
      ensure: () => {
        this.#ready.delete(event.subject)
        return this.#ensure(event)
      },
      tools: this.#options,
    })
    try {
      await subscription.start()
    } catch (error) {
      throw translateJetStreamError(error, event.subject)
    }
    this.#subscriptions.add(subscription)
    return {
      close: async () => {
        await subscription.close()
        this.#subscriptions.delete(subscription)
      },
    }
  }

  async depth(event: EventDefinition<unknown>): Promise<EventDepth> {
    try {
      await this.#ensure(event)
      const manager = await this.#jetStreamManager()
      const [waiting, dead] = await Promise.all(
        [streamName(event), deadStreamName(event)].map((name) => manager.streams.info(name)),
      )
      return { waiting: waiting?.state.messages ?? 0, dead: dead?.state.messages ?? 0 }
    } catch (error) {
      throw translateJetStreamError(error, event.subject)
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()))
    this.#subscriptions.clear()
  }

  get #maxPayload(): number {
    return this.#options.link.maxPayload - HEADER_BYTES
  }

  #ensure(event: EventDefinition<unknown>): Promise<void> {
    const present = this.#ready.get(event.subject)
    if (present !== undefined) return present
    const made = this.#jetStreamManager().then((manager) => ensureStreams(manager, event, this.#settings))
    this.#ready.set(event.subject, made)
    // Whoever awaits the promise sees the failure; the next caller tries again.
    made.catch(() => this.#ready.delete(event.subject))
    return made
  }

  #jetStreamManager(): Promise<JetStreamManager> {
    this.#manager ??= jetstreamManager(this.#options.link.connection).catch((error: unknown) => {
      this.#manager = undefined
      throw error
    })
    return this.#manager
  }
}

function isUnanswered(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof errors.RequestError && cause.isNoResponders()
}
