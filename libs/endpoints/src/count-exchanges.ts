import type { Logger, Metrics } from '#runtime'
import { EndpointError } from './errors.ts'
import type { ExchangeObserver } from './exchange-observer.ts'

const DOORS = ['http', 'v4', 'v3'] as const
/** Patterns of the sealed doors, and `*` for what has none. */
const SEALED_ROUTES = ['/oxen/v4/lsrpc', '/oxen/v3/lsrpc', '/loki/v3/lsrpc', '*']
const RESULTS = ['success', 'refused', 'failed'] as const

export interface CountedService {
  /** Begins the names of its metrics. */
  readonly service: string
  /** Every route pattern of its endpoints. */
  readonly routes: readonly string[]
}

/** Counts the exchanges of a service by door, route and result, and logs what was no client's fault. */
export function countExchanges(
  logger: Logger,
  metrics: Metrics,
  { service, routes }: CountedService,
): ExchangeObserver {
  const labels = { door: DOORS, route: [...routes, ...SEALED_ROUTES], result: RESULTS }
  const exchanges = metrics.counter(`${service}_requests_total`, 'Requests by door, route and result.', labels)
  const oldKeys = metrics.counter(`${service}_old_key_requests_total`, 'Sealed requests to an earlier key.', {})
  return {
    answered(door, route, status) {
      exchanges.add({ door, route, result: status < 400 ? 'success' : status < 500 ? 'refused' : 'failed' })
    },
    failed(door, route, error) {
      // What a client did wrong is in the metrics; a log line for each would let clients fill the disk.
      if (!(error instanceof EndpointError)) logger.error('request-failed', { door, route }, error)
    },
    openedWithOldKey: () => oldKeys.add({}),
  }
}
