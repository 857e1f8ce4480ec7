import { BusClient, BusUnavailableError } from '#bus'
import { connectNats, JetStreamEvents, NatsClient, type NatsLink, NatsServer } from '#bus/nats/index'
import { nativeCrypto } from '#crypto/native/index'
import { clusterNodeKeys, loadClusterSecret, loadDirectory } from '#nodes'
import {
  createLogger,
  createMetrics,
  type Environment,
  Health,
  type Logger,
  natsVariables,
  OPERATIONS_PORT_OFFSET,
  processVariables,
  readEnvironment,
  ShutdownSequence,
  startOperationsServer,
  type Stoppable,
  systemClock,
} from '#runtime'
import { busInFlight, coreConfig } from './config/core-config.ts'
import { CORE_VARIABLES } from './config/variables.ts'
import { createCore } from './create-core.ts'
import { WHOLE_PAGE_LIMIT } from './rpc/rpc-executor.ts'

/** Bytes of a bus message that are not messages: its head, and the members around them. */
const REPLY_MARGIN = 65_536

/** Runs this service alone in its process, on NATS. Rejects with a coded error whose message is one sentence for the operator. */
export async function runCore(environment: Environment): Promise<Stoppable> {
  const config = coreConfig(environment)
  const values = readEnvironment(environment, { ...CORE_VARIABLES, ...processVariables, ...natsVariables })
  const logger = createLogger({ level: values.logLevel, service: 'core' })
  const metrics = createMetrics()
  const health = new Health()
  const shutdown = new ShutdownSequence(logger)
  try {
    const link = await connectNats({
      servers: values.natsServers,
      name: 'core',
      random: Math.random,
      ...(values.natsCredentialsFile !== undefined && { credentialsFile: values.natsCredentialsFile }),
    })
    shutdown.add('close-stores', () => link.close())
    health.register('nats', async () => {
      if (!link.isReady()) throw new BusUnavailableError('the connection to NATS is down')
    })
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
      ...overNats(link, busInFlight(config), logger),
    })
    shutdown.add('stop-traffic', () => health.drain())
    shutdown.add('stop-accepting', () => core.stop())
    await core.start()
    const port = values.operationsPort ?? values.httpPort + OPERATIONS_PORT_OFFSET
    const operations = await startOperationsServer({ host: values.bindHost, port, health, metrics })
    shutdown.add('close-stores', () => operations.close())
    return { stop: () => shutdown.run() }
  } catch (error) {
    await shutdown.run()
    throw error
  }
}

function overNats(
  link: NatsLink,
  maxInFlight: number,
  logger: Logger,
): Pick<Parameters<typeof createCore>[1], 'bus' | 'busServer' | 'hasReplicas' | 'replyLimit'> {
  const observer = {
    now: () => performance.now(),
    failed: (_subject: string, error: unknown) => logger.warn('bus-request-failed', {}, error),
  }
  return {
    bus: new BusClient({
      transport: new NatsClient({ link }),
      events: new JetStreamEvents({ link, random: Math.random, observer }),
    }),
    busServer: new NatsServer({ link, service: 'core', maxInFlight, observer }),
    hasReplicas: true,
    replyLimit: Math.min(WHOLE_PAGE_LIMIT, link.maxPayload - REPLY_MARGIN),
  }
}
