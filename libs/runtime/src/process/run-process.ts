import { Health } from '../health/health.ts'
import { startOperationsServer } from '../health/operations-server.ts'
import { createLogger, type Logger } from '../logging/logger.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import type { Stoppable } from '../shutdown/run-main.ts'
import { ShutdownSequence } from '../shutdown/shutdown-sequence.ts'
import type { ProcessConfig } from './process-config.ts'

/** What every service finds in its process. */
export interface ServiceProcess {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  readonly shutdown: ShutdownSequence
}

export interface ProcessOptions {
  /** Name of the service in its log. */
  readonly service: string
  readonly config: ProcessConfig
  /** Longest time of one stage of the shutdown, in milliseconds; default 15,000. */
  readonly stageTimeoutMs?: number
}

/**
 * Runs one service alone in its process: `start` builds it and says in `shutdown` how it ends; then liveness, readiness and metrics are
 * served. Rejects with what `start` rejects with, after everything that was started by then has ended.
 */
export async function runProcess(
  { service, config, stageTimeoutMs }: ProcessOptions,
  start: (around: ServiceProcess) => Promise<void>,
): Promise<Stoppable> {
  const logger = createLogger({ level: config.logLevel, service })
  const metrics = createMetrics()
  const health = new Health()
  const shutdown = new ShutdownSequence(logger, stageTimeoutMs)
  shutdown.add('stop-traffic', () => health.drain())
  try {
    await start({ logger, metrics, health, shutdown })
    const { host, operationsPort: port } = config
    const operations = await startOperationsServer({ host, port, health, metrics })
    shutdown.add('close-stores', () => operations.close())
    return { stop: () => shutdown.run() }
  } catch (error) {
    await shutdown.run()
    throw error
  }
}
