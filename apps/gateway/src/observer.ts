import { type Clock, DURATION_BUCKETS, type Logger, type Metrics } from '#runtime'
import type { InFlight } from './http/in-flight.ts'
import type { ExchangeObserver } from './http/node-door.ts'
import type { OnionObserver } from './onion/onion-observer.ts'
import type { Take } from './rate-limit/token-buckets.ts'
import { REFUSAL_CODES, type StorageObserver } from './storage-rpc/storage-observer.ts'

const KINDS = ['relay', 'destination', 'server', 'error'] as const
const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx', 'other'] as const
const ROUTES = ['/onion_req/v2', '/storage_rpc/v1', '/ping_test/v1', '/get_stats/v1', 'unknown'] as const
const PARTS = ['storage-rpc', 'service', 'outside', 'foreign-node', 'door'] as const

/** Where all parts of the gateway tell what happens. */
export interface GatewayObserver extends OnionObserver, ExchangeObserver, StorageObserver {
  failed(where: Parameters<OnionObserver['failed']>[0], error: unknown): void
  /** A storage request was refused because its client, or all clients together, sent too many. */
  rateLimited(reason: Exclude<Take, 'taken'>): void
}

/** Everything the gateway tells of its work goes through here: fixed labels and codes, and nothing of what passes through it. */
export function createGatewayObserver(
  metrics: Metrics,
  logger: Logger,
  inFlight: InFlight,
  monotonic: Clock,
): GatewayObserver {
  const layers = metrics.counter('gateway_layers_total', 'Onion layers by what the node did with them.', {
    kind: KINDS,
    status: STATUS_CLASSES,
  })
  const exchanges = metrics.histogram(
    'gateway_request_duration_seconds',
    'Time from the headers of a request to a node to the beginning of the answer.',
    { route: ROUTES, status: STATUS_CLASSES },
    DURATION_BUCKETS,
  )
  const failures = metrics.counter(
    'gateway_failures_total',
    'What the gateway could not do, by the part that failed.',
    {
      part: PARTS,
    },
  )
  const storageRefusals = metrics.counter(
    'gateway_storage_refusals_total',
    'Storage requests that the core did not take, by the reason.',
    { code: REFUSAL_CODES },
  )
  const rateLimited = metrics.counter(
    'gateway_rate_limited_total',
    'Storage requests without an onion that were too many: of one client, or of more clients than are tracked.',
    { reason: ['empty', 'untracked'] },
  )
  metrics.observed('gateway_in_flight_bytes', 'Bytes of request bodies that are held.', () => inFlight.bytes)
  return {
    layerAnswered: (kind, status) => layers.add({ kind, status: statusClass(status) }),
    exchangeAnswered: (route, status, milliseconds) =>
      exchanges.observe({ route: knownRoute(route), status: statusClass(status) }, milliseconds / 1000),
    failed: (part, error) => {
      failures.add({ part })
      logger.warn('gateway-failure', { kind: part }, error)
    },
    storageRefused: (code) => storageRefusals.add({ code }),
    rateLimited: (reason) => rateLimited.add({ reason }),
    now: () => monotonic.now(),
  }
}

function statusClass(status: number): (typeof STATUS_CLASSES)[number] {
  return STATUS_CLASSES[Math.floor(status / 100) - 2] ?? 'other'
}

function knownRoute(route: string): (typeof ROUTES)[number] {
  return ROUTES.find((known) => known === route) ?? 'unknown'
}
