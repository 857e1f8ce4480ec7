import { joinNats } from '#bus/nats/index'
import { nativeCrypto } from '#crypto/native/index'
import { clusterNodeKeys, loadClusterSecret } from '#nodes'
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
import { gatewayConfig } from './config/gateway-config.ts'
import { gatewayVariables } from './config/variables.ts'
import { describeOverBus } from './discovery/describe-over-bus.ts'
import { createGateway } from './gateway.ts'
import { storageRpcOverBus } from './storage-rpc/bus-storage-rpc.ts'

/** How long a service may take to describe itself, in milliseconds. */
const DESCRIBE_TIMEOUT_MS = 2_000
const DRAIN_MARGIN_MS = 5_000

/** A gateway as a process of its own, on NATS. Rejects with errors whose message is one sentence for the operator. */
export async function startGatewayProcess(environment: Environment): Promise<Stoppable> {
  const [values, process] = collectProblems(
    () => readEnvironment(environment, gatewayVariables),
    () => processConfig(environment),
  )
  const config = gatewayConfig(values)
  const service = 'gateway'
  const stageTimeoutMs = config.drainMs + DRAIN_MARGIN_MS
  return runProcess({ service, config: process, stageTimeoutMs }, async ({ logger, metrics, health, shutdown }) => {
    const observer = warningObserver(logger, 'bus-request-failed')
    const bus = await joinNats({ ...process.nats, service, random: Math.random, observer })
    shutdown.add('close-stores', () => bus.close())
    health.register('nats', () => bus.check())
    const secret = loadClusterSecret(nativeCrypto, values.dataDirectory, values.clusterSecret)
    const gateway = await createGateway(config, {
      crypto: nativeCrypto,
      nodeKeys: clusterNodeKeys(nativeCrypto, secret, values.nodeCount),
      clock: systemClock,
      monotonic: performance,
      logger,
      metrics,
      describeService: describeOverBus(bus.client, DESCRIBE_TIMEOUT_MS),
      storageRpc: storageRpcOverBus(bus.client, config.storageRpcTimeoutMs),
    })
    shutdown.add('stop-accepting', () => gateway.stop())
    await gateway.start()
  })
}
