import { joinNats } from '#bus/nats/index'
import { nativeCrypto } from '#crypto/native/index'
import {
  collectProblems,
  type Environment,
  processConfig,
  runProcess,
  type Stoppable,
  systemClock,
  warningObserver,
} from '#runtime'
import { attachmentsConfig } from './config/attachments-config.ts'
import { createAttachments } from './create-attachments.ts'

/** Questions about this service that may be under way at once; each takes no time. */
const MAX_IN_FLIGHT = 64

/** Runs this service alone in its process. Rejects with a coded error whose message is one sentence for the operator. */
export async function runAttachments(environment: Environment): Promise<Stoppable> {
  const [config, process] = collectProblems(
    () => attachmentsConfig(environment),
    () => processConfig(environment),
  )
  const service = 'attachments'
  return runProcess({ service, config: process }, async ({ logger, metrics, health, shutdown }) => {
    const observer = warningObserver(logger, 'bus-request-failed')
    const bus = await joinNats({ ...process.nats, service, random: Math.random, observer })
    shutdown.add('close-stores', () => bus.close())
    const attachments = await createAttachments(config, {
      crypto: nativeCrypto,
      clock: systemClock,
      logger,
      metrics,
      health,
      busServer: bus.server({ maxInFlight: MAX_IN_FLIGHT }),
    })
    shutdown.add('stop-accepting', () => attachments.stop())
    await attachments.start()
  })
}
