import { EndpointError, type ExchangeObserver } from '#endpoints'
import { DURATION_BUCKETS, type Logger, type Metrics } from '#runtime'
import { NOTIFICATION_ENDS, type NotificationEnd } from '#stores'
import type { DeliveryObserver } from './delivery/index.ts'

const DOORS = ['http', 'v4', 'v3'] as const
/** Every route pattern of this service and its doors, `*` for none. */
const ROUTES: readonly string[] = [
  '/subscribe',
  '/unsubscribe',
  '/application_server_key',
  '/oxen/v4/lsrpc',
  '/oxen/v3/lsrpc',
  '/loki/v3/lsrpc',
  '*',
]
const RESULTS = ['success', 'refused', 'failed'] as const
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
const LINE_INTERVAL_MS = 1_000

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
  const labels = { door: DOORS, route: ROUTES, result: RESULTS }
  const exchanges = metrics.counter('push_requests_total', 'Requests by door, route and result.', labels)
  const oldKeys = metrics.counter('push_old_key_requests_total', 'Sealed requests to an earlier key.', {})
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
  // A store that is away fails every event: the metric counts them, and one line a second says why.
  const nextLine = new Map<PushStage, number>()
  const trouble: PushEvents['trouble'] = (stage, error) => {
    failures.add({ stage })
    const now = monotonic.now()
    if (now < (nextLine.get(stage) ?? 0)) return
    nextLine.set(stage, now + LINE_INTERVAL_MS)
    logger.error('push-failed', { stage }, error)
  }
  return {
    answered(door, route, status) {
      exchanges.add({ door, route, result: status < 400 ? 'success' : status < 500 ? 'refused' : 'failed' })
    },
    failed(door, route, error) {
      // What a client did wrong is in the metrics; a log line for each would let clients fill the disk.
      if (!(error instanceof EndpointError)) logger.error('request-failed', { door, route }, error)
    },
    openedWithOldKey: () => oldKeys.add({}),
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
