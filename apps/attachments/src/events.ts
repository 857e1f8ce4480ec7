import { countExchanges, type ExchangeObserver } from '#endpoints'
import type { Logger, Metrics } from '#runtime'
import type { FileEvents } from './files/context.ts'

/** Every route pattern of this service. */
const ROUTES = [
  '/file',
  '/file/:id',
  '/file/:id/info',
  '/file/:id/extend',
  '/files',
  '/files/:id',
  '/session_version',
  '/token_info',
  '/info',
]
const SWEEPS = ['expired', 'orphan-blob', 'lost-blob', 'unfinished'] as const

/** Counts and logs what the operations and the doors report, by route pattern and never by file. */
export function attachmentsEvents(logger: Logger, metrics: Metrics): FileEvents & ExchangeObserver {
  const uploads = metrics.counter('attachments_uploads_total', 'Uploads that were acknowledged, by outcome.', {
    outcome: ['created', 'renewed'],
  })
  const bytes = metrics.counter('attachments_bytes_total', 'Bytes of files that were taken in or sent.', {
    direction: ['in', 'out'],
  })
  const downloads = metrics.counter('attachments_downloads_total', 'Downloads, whole or in part.', {})
  const swept = metrics.counter('attachments_swept_total', 'What sweeps have removed.', { kind: SWEEPS })
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
    ...countExchanges(logger, metrics, { service: 'attachments', routes: ROUTES }),
  }
}
