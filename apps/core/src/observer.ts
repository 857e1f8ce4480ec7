import { DURATION_BUCKETS, type Logger, type Metrics, sparseLines } from '#runtime'
import type { RpcObserver } from './rpc/storage-rpc-service.ts'
import type { OutboxObserver } from './events/outbox-relay.ts'

const METHODS = [
  'store',
  'retrieve',
  'delete',
  'delete_all',
  'delete_before',
  'expire_all',
  'expire',
  'get_expiries',
  'revoke_subaccount',
  'unrevoke_subaccount',
  'revoked_subaccounts',
  'info',
  'get_swarm',
  'oxend_request',
  'active_nodes_bin',
  'batch',
  'sequence',
  'ifelse',
  'unknown',
] as const
type Method = (typeof METHODS)[number]
const RESULTS = ['success', 'refused', 'failed'] as const

/** What the core reports of its work. */
export interface CoreObserver {
  readonly rpc: RpcObserver
  readonly outbox: OutboxObserver
  stored(evicted: number): void
  purged(count: number): void
  /** An error that no client has caused. */
  failed(what: 'storage-rpc' | 'outbox' | 'purge' | 'names' | 'signatures', error: unknown): void
}

/** Counts and logs, by method and never by account. */
export function coreObserver(logger: Logger, metrics: Metrics, monotonic: { now(): number }): CoreObserver {
  const requests = metrics.counter('core_requests_total', 'Storage requests by method and result.', {
    method: METHODS,
    result: RESULTS,
  })
  const durations = metrics.histogram(
    'core_request_seconds',
    'How long storage requests took, waiting included.',
    { method: METHODS },
    DURATION_BUCKETS,
  )
  const messages = metrics.counter('core_messages_total', 'Messages by what has become of them.', {
    event: ['stored', 'evicted', 'purged'],
  })
  const published = metrics.counter('core_events_published_total', 'Events about messages that left the outbox.', {})
  const failures = metrics.counter('core_failures_total', 'Errors that no client has caused.', {
    what: ['storage-rpc', 'outbox', 'purge', 'names', 'signatures'],
  })
  const mayWrite = sparseLines(monotonic)
  const failed: CoreObserver['failed'] = (what, error) => {
    failures.add({ what })
    if (mayWrite(what)) logger.error('core-failed', { stage: what }, error)
  }
  return {
    rpc: {
      now: () => monotonic.now(),
      answered(name, status, milliseconds) {
        const method = METHODS.find((known) => known === name) ?? ('unknown' satisfies Method)
        requests.add({ method, result: status < 400 ? 'success' : status < 500 ? 'refused' : 'failed' })
        durations.observe({ method }, milliseconds / 1_000)
      },
    },
    outbox: {
      published: (count) => published.add({}, count),
      failed: (error) => failed('outbox', error),
    },
    stored(evicted) {
      messages.add({ event: 'stored' })
      if (evicted > 0) messages.add({ event: 'evicted' }, evicted)
    },
    purged(count) {
      messages.add({ event: 'purged' }, count)
      logger.info('purged', { count })
    },
    failed,
  }
}
