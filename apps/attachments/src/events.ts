import { EndpointError, type ExchangeObserver } from '#endpoints'
import type { Logger, Metrics } from '#runtime'
import type { FileEvents } from './files/context.ts'

const DOORS = ['http', 'v4', 'v3'] as const
/** Every route pattern of this service and its doors, `*` for none. */
const ROUTES: readonly string[] = [
  '/file',
  '/file/:id',
  '/file/:id/info',
  '/file/:id/extend',
  '/files',
  '/files/:id',
  '/session_version',
  '/token_info',
  '/info',
  '/oxen/v4/lsrpc',
  '/oxen/v3/lsrpc',
  '/loki/v3/lsrpc',
  '*',
]
const RESULTS = ['success', 'refused', 'failed'] as const
const SWEEPS = ['expired', 'orphan-blob', 'lost-blob', 'unfinished'] as const

/** Counts and logs what the operations and the doors report, by route pattern and never by file. */
export function attachmentsEvents(logger: Logger, metrics: Metrics): FileEvents & ExchangeObserver {
  const labels = { door: DOORS, route: ROUTES, result: RESULTS }
  const exchanges = metrics.counter('attachments_requests_total', 'Requests by door, route and result.', labels)
  const uploads = metrics.counter('attachments_uploads_total', 'Uploads that were acknowledged, by outcome.', {
    outcome: ['created', 'renewed'],
  })
  const bytes = metrics.counter('attachments_bytes_total', 'Bytes of files that were taken in or sent.', {
    direction: ['in', 'out'],
  })
  const downloads = metrics.counter('attachments_downloads_total', 'Downloads, whole or in part.', {})
  const swept = metrics.counter('attachments_swept_total', 'What sweeps have removed.', { kind: SWEEPS })
  const oldKeys = metrics.counter('attachments_old_key_requests_total', 'Sealed requests to an earlier key.', {})
  const failures = metrics.counter('attachments_cleanup_failures_total', 'Removals left to a later sweep.', {})
  return {
    uploaded(outcome, size) {
      uploads.add({ outcome })
      bytes.add({ direction: 'in' }, size)
    },
    downloaded(size) {
      downloads.add({})
      bytes.add({ direction: 'out' }, size)
    },
    swept(kind, count) {
      swept.add({ kind }, count)
      logger.info('swept', { kind, count })
    },
    cleanupFailed(error) {
      failures.add({})
      logger.warn('cleanup-failed', {}, error)
    },
    answered(door, route, status) {
      exchanges.add({ door, route, result: status < 400 ? 'success' : status < 500 ? 'refused' : 'failed' })
    },
    failed(door, route, error) {
      // What a client did wrong is in the metrics; a log line for each would let clients fill the disk.
      if (!(error instanceof EndpointError)) logger.error('request-failed', { door, route }, error)
    },
    openedWithOldKey() {
      oldKeys.add({})
    },
  }
}
