import { createAttachments } from '#apps/attachments'
import { createGateway, describeOverBus } from '#apps/gateway'
import { BusClient } from '#bus'
import { InProcessBus, InProcessClient, InProcessServer } from '#bus/in-process/index'
import { nativeCrypto } from '#crypto/native/index'
import { clusterNodeKeys, loadClusterSecret } from '#nodes'
import {
  createLogger,
  createMetrics,
  type Environment,
  Health,
  ShutdownSequence,
  startOperationsServer,
  type Stoppable,
  systemClock,
} from '#runtime'
import { standaloneConfig } from './config.ts'
import { lockDataDirectory } from './data-directory.ts'
import { welcome } from './welcome.ts'

const DESCRIBE_TIMEOUT_MS = 2000
/** Questions of one service to another that may be under way at once. */
const MAX_BUS_IN_FLIGHT = 256

/**
 * Every service in this process, on stores in one directory: a whole network for one person.
 *
 * Rejects with coded errors whose message is one sentence for whoever starts it; what was opened by then is closed again.
 */
export async function startStandalone(environment: Environment, print: (line: string) => void): Promise<Stoppable> {
  const config = standaloneConfig(environment)
  const logger = createLogger({ level: config.logLevel, service: 'standalone' })
  const metrics = createMetrics()
  const health = new Health()
  const shutdown = new ShutdownSequence(logger, config.gateway.drainMs + 5000)
  try {
    const unlock = lockDataDirectory(config.dataDirectory)
    shutdown.add('close-stores', unlock)
    const secret = loadClusterSecret(nativeCrypto, config.dataDirectory, config.clusterSecret)
    const bus = new InProcessBus()
    const around = { crypto: nativeCrypto, clock: systemClock, logger, metrics }

    // The last first: what the gateway still carries ends at the services behind it.
    const services: { stop(): Promise<void> }[] = []
    shutdown.add('stop-accepting', async () => {
      for (const service of services) await service.stop()
    })
    const attachments = await createAttachments(config.attachments, {
      ...around,
      health,
      busServer: new InProcessServer({ bus, service: 'attachments', maxInFlight: MAX_BUS_IN_FLIGHT }),
    })
    services.unshift(attachments)
    const gateway = await createGateway(config.gateway, {
      ...around,
      nodeKeys: clusterNodeKeys(nativeCrypto, secret, config.nodeCount),
      monotonic: performance,
      describeService: describeOverBus(new BusClient({ transport: new InProcessClient({ bus }) }), DESCRIBE_TIMEOUT_MS),
    })
    services.unshift(gateway)
    shutdown.add('stop-traffic', () => health.drain())

    await attachments.start()
    await gateway.start()
    const { bindHost: host } = config.gateway
    const operations = await startOperationsServer({ host, port: config.operationsPort, health, metrics })
    shutdown.add('close-stores', () => operations.close())

    for (const warning of config.warnings) print(`Note: ${warning}`)
    for (const line of welcome(config, gateway, attachments)) print(line)
    return { stop: () => shutdown.run() }
  } catch (error) {
    await shutdown.run()
    throw error
  }
}
