import type { Logger } from '../logging/logger.ts'

/** What a part of the process that knows no logger tells: how long things take, and what went wrong. */
export interface WarningObserver {
  /** Monotonic time in milliseconds. */
  now(): number
  failed(stage: string, error: unknown): void
}

/** Logs every failure as a warning of this name; where it happened is left out, since it is not among the declared log fields. */
export function warningObserver(logger: Logger, event: string): WarningObserver {
  return { now: () => performance.now(), failed: (_stage, error) => logger.warn(event, {}, error) }
}
