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
import { EVENT_DELIVERY, MAX_IN_FLIGHT } from './bus-limits.ts'
import { pushConfig } from './config/push-config.ts'
import { createPush } from './create-push.ts'

/** Runs this service alone in its process. Rejects with a coded error whose message is one sentence for the operator. */
export async function runPush(environment: Environment): Promise<Stoppable> {
  const [config, process] = collectProblems(
    () => pushConfig(environment),
    () => processConfig(environment),
  )
  const service = 'push'
  return runProcess({ service, config: process }, async ({ logger, metrics, health, shutdown }) => {
    const observer = warningObserver(logger, 'bus-request-failed')
    const bus = await joinNats({ ...process.nats, service, random: Math.random, observer })
    shutdown.add('close-stores', () => bus.close())
    health.register('nats', () => bus.check())
    const push = await createPush(config, {
      crypto: nativeCrypto,
      clock: systemClock,
      monotonic: performance,
      random: Math.random,
      logger,
      metrics,
      health,
      busServer: bus.server({ maxInFlight: MAX_IN_FLIGHT, delivery: EVENT_DELIVERY }),
    })
    shutdown.add('stop-accepting', () => push.stop())
    await push.start()
  })
}
