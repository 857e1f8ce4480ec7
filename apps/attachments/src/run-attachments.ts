import { nativeCrypto } from '#crypto/native/index'
import {
  collectProblems,
  createLogger,
  createMetrics,
  type Environment,
  Health,
  ShutdownSequence,
  startOperationsServer,
  type Stoppable,
  systemClock,
} from '#runtime'
import { attachmentsConfig } from './config/attachments-config.ts'
import { processConfig } from './config/process-config.ts'
import { createAttachments } from './create-attachments.ts'
import { joinNats } from './join-nats.ts'

/** Runs this service alone in its process. Rejects with a coded error whose message is one sentence for the operator. */
export async function runAttachments(environment: Environment): Promise<Stoppable> {
  const [config, around] = collectProblems(
    () => attachmentsConfig(environment),
    () => processConfig(environment),
  )
  const logger = createLogger({ level: around.logLevel, service: 'attachments' })
  const metrics = createMetrics()
  const health = new Health()
  const shutdown = new ShutdownSequence(logger)
  try {
    const bus = await joinNats(around.nats, logger)
    shutdown.add('close-stores', () => bus.close())
    const attachments = await createAttachments(config, {
      crypto: nativeCrypto,
      clock: systemClock,
      logger,
      metrics,
      health,
      busServer: bus.server,
    })
    shutdown.add('stop-traffic', () => health.drain())
    shutdown.add('stop-accepting', () => attachments.stop())
    await attachments.start()
    const operations = await startOperationsServer({ host: around.host, port: around.operationsPort, health, metrics })
    shutdown.add('close-stores', () => operations.close())
    return { stop: () => shutdown.run() }
  } catch (error) {
    await shutdown.run()
    throw error
  }
}
