import { BREAKER_STATE_NUMBERS } from './circuit-breaker.ts'
import { checkDeliveryLimits } from './delivery-limits.ts'
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts'

export interface DeliveryOptions extends Omit<DispatcherOptions, 'service' | 'provider'> {
  /** The provider of each service; notifications for others stay in their queue. */
  readonly providers: ReadonlyMap<string, DispatcherOptions['provider']>
}

/** What delivery does for one service at this moment, as metrics show it. */
export interface DeliveryState {
  /** 0 closed, 1 half-open, 2 open. */
  readonly breaker: number
  /** Requests under way. */
  readonly inFlight: number
  /** Notifications taken from the queue and not yet settled. */
  readonly taken: number
  /** Those of them that are held for the end of a batching window. */
  readonly held: number
}

/** Carries notifications from their queues to the providers. */
export interface Delivery {
  /** Begins with everything that an earlier process has left. */
  start(): void
  /** Something was put into the queue of the service. Never throws. */
  wake(service: string): void
  /** Takes no more, waits for the requests under way and puts back what was taken and not sent. Providers are not closed. */
  stop(): Promise<void>
  states(): ReadonlyMap<string, DeliveryState>
}

/** One dispatcher for each service: trouble of one is none of the others'. Throws a `RangeError` for limits that contradict each other. */
export function createDelivery({ providers, ...options }: DeliveryOptions): Delivery {
  checkDeliveryLimits(options.limits)
  const dispatchers = new Map(
    [...providers].map(([service, provider]) => [service, new Dispatcher({ ...options, service, provider })]),
  )
  let isRunning = false
  return {
    start: () => {
      isRunning = true
      for (const dispatcher of dispatchers.values()) dispatcher.wake()
    },
    wake: (service) => {
      if (isRunning) dispatchers.get(service)?.wake()
    },
    stop: async () => {
      isRunning = false
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.stop()))
    },
    states: () =>
      new Map(
        [...dispatchers].map(([service, { state }]) => [
          service,
          { ...state, breaker: BREAKER_STATE_NUMBERS[state.breaker] },
        ]),
      ),
  }
}
