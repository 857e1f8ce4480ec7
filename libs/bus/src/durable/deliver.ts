import type { EventDefinition } from '../contract/definition.ts'
import { BadMessageError, RetryLaterError } from '../errors.ts'
import type { BusObserver } from '../observer.ts'
import type { Delivery, RetryDelays, SubscribeOptions } from './durable-events.ts'

/** What is to be done with an event after a delivery. */
export type Verdict =
  { readonly kind: 'ack' } | { readonly kind: 'dead' } | { readonly kind: 'retry'; readonly delayMs: number }

export interface DeliverTools {
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly observer?: BusObserver
}

const DEFAULT_DELAYS: RetryDelays = { firstMs: 500, maxMs: 60_000 }

/**
 * Runs the handler for one delivery and says what follows. Never rejects. An event that was already delivered `maxDeliver`
 * times is dead without being handled again: its process died in the handler each time.
 */
export async function deliver<Value>(
  event: EventDefinition<Value>,
  options: SubscribeOptions<Value>,
  payload: Uint8Array,
  delivery: Delivery,
  tools: DeliverTools,
): Promise<Verdict> {
  const start = tools.observer?.now() ?? 0
  const verdict = await handle(event, options, payload, delivery, tools)
  tools.observer?.eventHandled?.(event.subject, verdict.kind, tools.observer.now() - start)
  return verdict
}

async function handle<Value>(
  event: EventDefinition<Value>,
  options: SubscribeOptions<Value>,
  payload: Uint8Array,
  delivery: Delivery,
  tools: DeliverTools,
): Promise<Verdict> {
  if (delivery.attempt > options.maxDeliver) return { kind: 'dead' }
  try {
    await options.handler(event.codec.decode(payload), delivery)
    return { kind: 'ack' }
  } catch (error) {
    tools.observer?.failed?.(event.subject, error)
    if (error instanceof BadMessageError || delivery.attempt >= options.maxDeliver) return { kind: 'dead' }
    if (error instanceof RetryLaterError) return { kind: 'retry', delayMs: error.delayMs }
    return { kind: 'retry', delayMs: retryDelay(delivery.attempt, options.retry ?? DEFAULT_DELAYS, tools.random) }
  }
}

/** Milliseconds before delivery `attempt + 1`. */
export function retryDelay(attempt: number, delays: RetryDelays, random: () => number): number {
  const full = Math.min(delays.firstMs * 2 ** (attempt - 1), delays.maxMs)
  return Math.round(full / 2 + (full / 2) * random())
}
