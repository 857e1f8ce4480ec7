import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type Consumer,
  type ConsumerConfig,
  type JetStreamClient,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import type { EventDefinition } from '../contract/definition.ts'
import type { SubscribeOptions } from '../durable/durable-events.ts'
import { EventAlreadyConsumedError } from '../errors.ts'

export interface EventStreamSettings {
  readonly duplicateWindowMs: number
  /** How long dead letters are kept. */
  readonly deadLetterMs: number
  readonly replicas: number
  /**
   * Events a stream may hold; publishing fails when it is full, nothing old is dropped. -1 is no limit. A limit in bytes is not
   * offered: nats-server 2.9 leaves its own overhead out when it compares, and then drops the oldest event.
   */
  readonly maxEvents: number
}

const NOT_UNIQUE_ON_WORK_QUEUE = [10099, 10100]

/** Name of the stream of an event: `SOTTO_MESSAGE_STORED` for `message.stored`. */
export const streamName = (event: EventDefinition<unknown>): string =>
  `SOTTO_${event.subject.toUpperCase().replaceAll('.', '_')}`
export const deadStreamName = (event: EventDefinition<unknown>): string => `${streamName(event)}_DEAD`
export const deadSubject = (event: EventDefinition<unknown>): string => `dead-letter.${event.subject}`

/** The subject an event is stored under: its own, with the number of the partition when it has partitions. */
export function storedSubject(event: EventDefinition<unknown>, partition: number | undefined): string {
  return partition === undefined ? event.subject : `${event.subject}.${partition}`
}

/** Creates or updates both streams of an event. Any number of processes may do so at once. */
export async function ensureStreams(
  manager: JetStreamManager,
  event: EventDefinition<unknown>,
  settings: EventStreamSettings,
): Promise<void> {
  const common = {
    storage: StorageType.File,
    num_replicas: settings.replicas,
    duplicate_window: nanos(settings.duplicateWindowMs),
  }
  await ensureStream(manager, {
    ...common,
    name: streamName(event),
    subjects: [event.partitions > 0 ? `${event.subject}.*` : event.subject],
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    max_msgs: settings.maxEvents,
    max_age: event.keepMs === undefined ? 0 : nanos(event.keepMs),
  })
  await ensureStream(manager, {
    ...common,
    name: deadStreamName(event),
    subjects: [deadSubject(event)],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(settings.deadLetterMs),
    max_msgs: settings.maxEvents,
  })
}

async function ensureStream(
  manager: JetStreamManager,
  wanted: Partial<StreamConfig> & { name: string },
): Promise<void> {
  try {
    const { config } = await manager.streams.info(wanted.name)
    if (!contains(config, wanted)) await manager.streams.update(wanted.name, wanted)
  } catch (error) {
    if (!(error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)) throw error
    await manager.streams.add(wanted)
  }
}

function contains(present: object, wanted: object): boolean {
  const values = new Map<string, unknown>(Object.entries(present))
  return Object.entries(wanted).every(([key, value]) => JSON.stringify(values.get(key)) === JSON.stringify(value))
}

/**
 * Creates the durable pull consumer, or updates it when its settings differ. Delivery is bounded by `deliver`, not by the server: the
 * server would stop to deliver an event and leave it in the work queue for ever.
 */
export async function ensureConsumer(
  client: JetStreamClient,
  manager: JetStreamManager,
  event: EventDefinition<unknown>,
  options: SubscribeOptions<never>,
): Promise<Consumer> {
  const config: Partial<ConsumerConfig> = {
    durable_name: options.durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(options.ackWaitMs),
    max_deliver: -1,
    // Shared by all replicas; each bounds its own share by `maxInFlight`.
    max_ack_pending: 20_000,
  }
  try {
    await manager.consumers.add(streamName(event), config)
  } catch (error) {
    if (error instanceof JetStreamApiError && NOT_UNIQUE_ON_WORK_QUEUE.includes(error.code)) {
      throw new EventAlreadyConsumedError(`${event.subject} has another consumer already`, { cause: error })
    }
    await manager.consumers.update(streamName(event), options.durable, { ack_wait: nanos(options.ackWaitMs) })
  }
  return client.consumers.get(streamName(event), options.durable)
}
