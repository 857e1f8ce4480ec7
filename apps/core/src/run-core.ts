import { joinNats } from '#bus/nats/index'
import { nativeCrypto } from '#crypto/native/index'
import { clusterNodeKeys, loadClusterSecret, loadDirectory } from '#nodes'
import {
  collectProblems,
  type Environment,
  processConfig,
  readEnvironment,
  runProcess,
  type Stoppable,
  systemClock,
  warningObserver,
} from '#runtime'
import { busInFlight, coreConfig } from './config/core-config.ts'
import { CORE_VARIABLES } from './config/variables.ts'
import { createCore } from './create-core.ts'
import { WHOLE_PAGE_LIMIT } from './rpc/rpc-executor.ts'

/** Bytes of a bus message that are not messages: its head, and the members around them. */
const REPLY_MARGIN = 65_536

/** Runs this service alone in its process, on NATS. Rejects with a coded error whose message is one sentence for the operator. */
export async function runCore(environment: Environment): Promise<Stoppable> {
  const [config, values, process] = collectProblems(
    () => coreConfig(environment),
    () => readEnvironment(environment, CORE_VARIABLES),
    () => processConfig(environment),
  )
  const service = 'core'
  return runProcess({ service, config: process }, async ({ logger, metrics, health, shutdown }) => {
    const observer = warningObserver(logger, 'bus-request-failed')
    const bus = await joinNats({ ...process.nats, service, random: Math.random, observer })
    shutdown.add('close-stores', () => bus.close())
    health.register('nats', () => bus.check())
    const secret = loadClusterSecret(nativeCrypto, values.dataDirectory, values.clusterSecret)
    const keys = clusterNodeKeys(nativeCrypto, secret, values.nodeCount)
    const core = await createCore(config, {
      crypto: nativeCrypto,
      clock: systemClock,
      monotonic: performance,
      logger,
      metrics,
      health,
      nodes: (await loadDirectory(values, nativeCrypto, keys)).all,
      seeds: keys.map(({ ed25519Seed }) => ed25519Seed),
      bus: bus.client,
      busServer: bus.server({ maxInFlight: busInFlight(config) }),
      hasReplicas: true,
      replyLimit: Math.min(WHOLE_PAGE_LIMIT, bus.maxPayload - REPLY_MARGIN),
    })
    shutdown.add('stop-accepting', () => core.stop())
    await core.start()
  })
}
