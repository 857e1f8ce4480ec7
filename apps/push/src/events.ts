import { countExchanges, type ExchangeObserver } from '#endpoints'
import { DURATION_BUCKETS, type Logger, type Metrics, sparseLines } from '#runtime'
import { NOTIFICATION_ENDS, type NotificationEnd } from '#stores'
import type { DeliveryObserver } from './delivery/index.ts'

/** Every route pattern of this service. */
const ROUTES = ['/subscribe', '/unsubscribe', '/application_server_key']
const CHANGES = [
  'added',
  'updated',
  'kept',
  'superseded',
  'full',
  'removed',
  'absent',
  'refused',
  'expired',
  'token-dead',
] as const
const STAGES = ['matching', 'delivery', 'provider', 'upkeep', 'books'] as const

/** What has become of one subscription. */
export type SubscriptionChange = (typeof CHANGES)[number]
export type PushStage = (typeof STAGES)[number]

/** What the relay reports of its work. */
export interface PushEvents extends ExchangeObserver {
  subscription(change: SubscriptionChange, count?: number): void
  /** A stored message was looked at: how many devices wanted it, and how many notifications were new. */
  matched(devices: number, accepted: number): void
  /** Notifications of one service have left their queue. */
  ended(service: string, end: NotificationEnd, count: number): void
  readonly delivery: DeliveryObserver
  /** An error that no client has caused. */
  trouble(stage: PushStage, error: unknown): void
}

/** Counts and logs by service and route, never by account or device. `services` are those that are served. */
export function pushEvents(
  logger: Logger,
  metrics: Metrics,
  monotonic: { now(): number },
  services: readonly string[],
): PushEvents {
  const changes = metrics.counter('push_subscriptions_total', 'Subscriptions by what has become of them.', {
    change: CHANGES,
  })
  const messages = metrics.counter('push_messages_total', 'Stored messages that were looked at.', {})
  const wanted = metrics.counter('push_matches_total', 'Devices that wanted a stored message.', {})
  const accepted = metrics.counter('push_accepted_total', 'Notifications that were put into a queue.', {})
  const ends = metrics.counter('push_ended_total', 'Notifications that left their queue, by service and end.', {
    service: services,
    end: NOTIFICATION_ENDS,
  })
  const waited = metrics.histogram(
    'push_wait_seconds',
    'From the acceptance of a notification to its end.',
    { service: services, end: NOTIFICATION_ENDS },
    DURATION_BUCKETS,
  )
  const attempts = metrics.counter('push_failed_attempts_total', 'Attempts that failed, by whose trouble it was.', {
    service: services,
    blame: ['provider', 'notification'],
  })
  const failures = metrics.counter('push_failures_total', 'Errors that no client has caused.', { stage: STAGES })
  const mayWrite = sparseLines(monotonic)
  const trouble: PushEvents['trouble'] = (stage, error) => {
    failures.add({ stage })
    if (mayWrite(stage)) logger.error('push-failed', { stage }, error)
  }
  return {
    ...countExchanges(logger, metrics, { service: 'push', routes: ROUTES }),
    subscription: (change, count = 1) => changes.add({ change }, count),
    matched(devices, added) {
      messages.add({})
      if (devices > 0) wanted.add({}, devices)
      if (added > 0) accepted.add({}, added)
    },
    ended: (service, end, count) => ends.add({ service, end }, count),
    trouble,
    delivery: {
      ended(service, end, count, durationsMs) {
        ends.add({ service, end }, count)
        for (const duration of durationsMs) waited.observe({ service, end }, duration / 1_000)
      },
      attemptFailed(service, blame, error) {
        attempts.add({ service, blame })
        if (blame === 'provider') trouble('provider', error)
      },
      breaker: (service, state) => logger.warn('push-breaker', { provider: service, name: state }),
      failed: (_service, _stage, error) => trouble('delivery', error),
    },
  }
}
