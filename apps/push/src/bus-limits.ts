import type { BusServerOptions } from '#bus'

/** Questions about this service that may be under way at once; each takes no time. */
export const MAX_IN_FLIGHT = 64

/**
 * How the relay takes events about stored messages. One that cannot be handled, because a store is away or a queue is full, is wanted again
 * for as long as events are kept: nothing but an unreadable event may become a dead letter.
 */
export const EVENT_DELIVERY: NonNullable<BusServerOptions['delivery']> = {
  maxInFlight: 256,
  // A handler takes milliseconds: what a relay that died had taken comes back soon.
  ackWaitMs: 20_000,
  maxDeliver: 1_000_000,
  retry: { firstMs: 250, maxMs: 15_000 },
}
