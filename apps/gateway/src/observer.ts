import { type Clock, DURATION_BUCKETS, type Logger, type Metrics } from '#runtime'
import type { InFlight } from './http/in-flight.ts'
import type { ExchangeObserver } from './http/node-door.ts'
import type { OnionObserver } from './onion/onion-observer.ts'

const KINDS = ['relay', 'destination', 'server', 'error'] as const
const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx', 'other'] as const
const ROUTES = ['/onion_req/v2', '/storage_rpc/v1', '/ping_test/v1', '/get_stats/v1', 'unknown'] as const
const PARTS = ['storage-rpc', 'service', 'outside', 'foreign-node', 'door'] as const

/** Everything the gateway tells of its work goes through here: fixed labels and codes, and nothing of what passes through it. */
export function createGatewayObserver(
  metrics: Metrics,
  logger: Logger,
  inFlight: InFlight,
  monotonic: Clock,
): OnionObserver & ExchangeObserver {
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
  metrics.observed('gateway_in_flight_bytes', 'Bytes of request bodies that are held.', () => inFlight.bytes)
  return {
    layerAnswered: (kind, status) => layers.add({ kind, status: statusClass(status) }),
    exchangeAnswered: (route, status, milliseconds) =>
      exchanges.observe({ route: knownRoute(route), status: statusClass(status) }, milliseconds / 1000),
    failed: (part, error) => {
      failures.add({ part })
      logger.warn('gateway-failure', { kind: part }, error)
    },
    now: () => monotonic.now(),
  }
}

function statusClass(status: number): (typeof STATUS_CLASSES)[number] {
  return STATUS_CLASSES[Math.floor(status / 100) - 2] ?? 'other'
}

function knownRoute(route: string): (typeof ROUTES)[number] {
  return ROUTES.find((known) => known === route) ?? 'unknown'
}
