import type { EventDefinition } from '../contract/definition.ts'

/**
 * Events that survive the death of any process: stored before `publish` resolves, delivered at least once to the one durable
 * name that consumes them, and set aside as dead letters when they cannot be handled.
 */
export interface DurableEvents {
  /**
   * Resolves when the event is stored, also when an event with the same deduplication id was stored within the duplicate window.
   * Rejects with `BusUnavailableError`, `EventStoreFullError` or `PayloadTooLargeError`; publishing again with the same
   * deduplication id is then safe.
   */
  publish<Value>(event: EventDefinition<Value>, value: Value, options: PublishOptions): Promise<void>
  /** Starts to deliver. Rejects with `EventAlreadyConsumedError` when another durable name consumes the event. */
  subscribe<Value>(event: EventDefinition<Value>, options: SubscribeOptions<Value>): Promise<DurableSubscription>
  /** How many events wait (those in flight included) and how many dead letters there are. Counts rows: for a gauge, not a hot path. */
  depth(event: EventDefinition<unknown>): Promise<EventDepth>
  /** Ends all subscriptions as `DurableSubscription.close` does. */
  close(): Promise<void>
}

export interface PublishOptions {
  /** Names this one occurrence; random or a keyed hash, so that it tells nothing about a user. At most 128 characters. */
  readonly deduplicationId: string
  /** Needed when the event has partitions. */
  readonly partition?: number
}

export interface SubscribeOptions<Value> {
  /** Name of the consuming service, for example `push`; its replicas share the work. */
  readonly durable: string
  /** The event is acknowledged when the promise resolves, wanted again (with backoff) when it rejects. */
  readonly handler: (value: Value, delivery: Delivery) => Promise<void>
  /** How many handlers may run at once in this process. */
  readonly maxInFlight: number
  /** Milliseconds after which an event without acknowledgement is delivered again; `Delivery.inProgress` starts them anew. */
  readonly ackWaitMs: number
  /** Deliveries after which an event becomes a dead letter. */
  readonly maxDeliver: number
  /** Backoff after a failed delivery: doubling from `firstMs` to `maxMs`, half of it random. Default 500 to 60,000. */
  readonly retry?: RetryDelays
}

export interface RetryDelays {
  readonly firstMs: number
  readonly maxMs: number
}

export interface Delivery {
  /** 1 at the first delivery. */
  readonly attempt: number
  readonly partition: number | undefined
  /** Tells the store that the handler still works on the event. */
  inProgress(): void
}

export interface DurableSubscription {
  /** Takes no more events and resolves when the handlers that run have ended. */
  close(): Promise<void>
}

export interface EventDepth {
  readonly waiting: number
  readonly dead: number
}
