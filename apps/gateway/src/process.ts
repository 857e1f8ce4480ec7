import { BusClient, BusUnavailableError } from '#bus'
import { connectNats, NatsClient } from '#bus/nats/index'
import { nativeCrypto } from '#crypto/native/index'
import {
  createLogger,
  createMetrics,
  type Environment,
  Health,
  natsVariables,
  OPERATIONS_PORT_OFFSET,
  processVariables,
  readEnvironment,
  ShutdownSequence,
  startOperationsServer,
  type Stoppable,
  systemClock,
} from '#runtime'
import { gatewayConfig } from './config/gateway-config.ts'
import { gatewayVariables } from './config/variables.ts'
import { describeOverBus } from './discovery/describe-over-bus.ts'
import { createGateway } from './gateway.ts'
import { storageRpcOverBus } from './storage-rpc/bus-storage-rpc.ts'
import { clusterNodeKeys, loadClusterSecret } from '#nodes'

/** How long a service may take to describe itself, in milliseconds. */
const DESCRIBE_TIMEOUT_MS = 2_000

/** A gateway as a process of its own, on NATS. Rejects with errors whose message is one sentence for the operator. */
export async function startGatewayProcess(environment: Environment): Promise<Stoppable> {
  const values = readEnvironment(environment, { ...gatewayVariables, ...processVariables, ...natsVariables })
  const config = gatewayConfig(values)
  const logger = createLogger({ level: values.logLevel, service: 'gateway' })
  const metrics = createMetrics()
  const health = new Health()
  const shutdown = new ShutdownSequence(logger, config.drainMs + 5_000)
  const link = await connectNats({
    servers: values.natsServers,
    name: 'gateway',
    random: Math.random,
    ...(values.natsCredentialsFile !== undefined && { credentialsFile: values.natsCredentialsFile }),
  })
  shutdown.add('close-stores', () => link.close())
  health.register('nats', async () => {
    if (!link.isReady()) throw new BusUnavailableError('the connection to NATS is down')
  })
  try {
    const secret = loadClusterSecret(nativeCrypto, values.dataDirectory, values.clusterSecret)
    const bus = new BusClient({ transport: new NatsClient({ link }) })
    const gateway = await createGateway(config, {
      crypto: nativeCrypto,
      nodeKeys: clusterNodeKeys(nativeCrypto, secret, values.nodeCount),
      clock: systemClock,
      monotonic: performance,
      logger,
      metrics,
      describeService: describeOverBus(bus, DESCRIBE_TIMEOUT_MS),
      storageRpc: storageRpcOverBus(bus, config.storageRpcTimeoutMs),
    })
    await gateway.start()
    shutdown.add('stop-traffic', () => health.drain())
    shutdown.add('stop-accepting', () => gateway.stop())
    const port = values.operationsPort ?? values.httpPort + OPERATIONS_PORT_OFFSET
    const operations = await startOperationsServer({ host: config.bindHost, port, health, metrics })
    shutdown.add('close-stores', () => operations.close())
  } catch (error) {
    await shutdown.run()
    throw error
  }
  return { stop: () => shutdown.run() }
}
