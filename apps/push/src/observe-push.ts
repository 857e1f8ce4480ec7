import type { Metrics } from '#runtime'
import { NOTIFICATION_ENDS, type Notifications, type Subscriptions } from '#stores'
import type { Delivery, DeliveryState } from './delivery/index.ts'
import type { PushEvents } from './events.ts'

export interface ObservedPush {
  readonly services: readonly string[]
  readonly subscriptions: Pick<Subscriptions, 'counts'>
  readonly notifications: Pick<Notifications, 'books'>
  readonly delivery: Pick<Delivery, 'states'>
  readonly events: Pick<PushEvents, 'trouble'>
}

const ENTRIES = ['accepted', 'waiting', ...NOTIFICATION_ENDS] as const
const STATES = {
  breaker: 'push_breaker_state',
  inFlight: 'push_in_flight',
  held: 'push_held',
} as const satisfies Partial<Record<keyof DeliveryState, string>>
const HELP: Readonly<Record<keyof typeof STATES, string>> = {
  breaker: 'Circuit breaker of a provider: 0 closed, 1 half-open, 2 open.',
  inFlight: 'Requests to a provider under way.',
  held: 'Notifications that wait for the end of a batching window.',
}

/** Shows what lies in the stores and what delivery is doing, by service; it is asked for at each scrape. */
export function observePush(metrics: Metrics, parts: ObservedPush): void {
  const { services, subscriptions, notifications, delivery, events } = parts
  metrics.collected(
    'push_books',
    'Notifications by service since the store was made: accepted = waiting + the four ends.',
    { service: services, entry: ENTRIES },
    () =>
      orNothing(events, async () =>
        [...(await notifications.books())].flatMap(([service, { accepted, waiting, ends }]) =>
          services.includes(service)
            ? ENTRIES.map((entry) => [{ service, entry }, { accepted, waiting, ...ends }[entry]] as const)
            : [],
        ),
      ),
  )
  metrics.collected('push_subscribers', 'Subscriptions by service.', { service: services }, () =>
    orNothing(events, async () => {
      const counts = await subscriptions.counts()
      return services.map((service) => [{ service }, counts.get(service) ?? 0] as const)
    }),
  )
  for (const state of Object.keys(STATES) as (keyof typeof STATES)[]) {
    metrics.collected(STATES[state], HELP[state], { service: services }, async () =>
      [...delivery.states()].map(([service, states]) => [{ service }, states[state]] as const),
    )
  }
}

/** A store that is away must not keep the other metrics from being read. */
async function orNothing<Value>(
  events: Pick<PushEvents, 'trouble'>,
  read: () => Promise<readonly Value[]>,
): Promise<readonly Value[]> {
  try {
    return await read()
  } catch (error) {
    events.trouble('books', error)
    return []
  }
}
