import { createAttachments } from '#apps/attachments'
import { busInFlight, createCore, WHOLE_PAGE_LIMIT } from '#apps/core'
import { createGateway, describeOverBus, storageRpcOverBus } from '#apps/gateway'
import { createPush, EVENT_DELIVERY } from '#apps/push'
import { BusClient } from '#bus'
import { InProcessBus, InProcessClient, InProcessServer } from '#bus/in-process/index'
import { nativeCrypto } from '#crypto/native/index'
import { clusterNodeKeys, loadClusterSecret, loadDirectory } from '#nodes'
import {
  createLogger,
  createMetrics,
  DeadlineWheel,
  type Environment,
  Health,
  ShutdownSequence,
  startOperationsServer,
  type Stoppable,
  systemClock,
} from '#runtime'
import { standaloneConfig } from './config.ts'
import { lockDataDirectory } from './data-directory.ts'
import { openEvents } from './open-events.ts'
import { welcome } from './welcome.ts'

const DESCRIBE_TIMEOUT_MS = 2000
/** Questions of one service to another that may be under way at once. */
const MAX_BUS_IN_FLIGHT = 256
/** Longest message between services, in bytes: a whole page of messages and more than the longest request of a client. */
const MAX_BUS_PAYLOAD = 16_777_216
const DEADLINE_RESOLUTION_MS = 250

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
    const nodeKeys = clusterNodeKeys(nativeCrypto, secret, config.nodeCount)
    const inProcess = new InProcessBus({ maxPayload: MAX_BUS_PAYLOAD })
    const deadlines = new DeadlineWheel(DEADLINE_RESOLUTION_MS)
    const events = openEvents(config.dataDirectory, logger)
    shutdown.add('close-stores', () => events.close())
    const bus = new BusClient({ transport: new InProcessClient({ bus: inProcess, deadlines }), events })
    const around = { crypto: nativeCrypto, clock: systemClock, monotonic: performance, logger, metrics, health }

    // The last first: what the gateway still carries ends at the services behind it.
    const services: { stop(): Promise<void> }[] = []
    shutdown.add('stop-accepting', async () => {
      for (const service of services) await service.stop()
    })
    const attachments = await createAttachments(config.attachments, {
      ...around,
      busServer: new InProcessServer({ bus: inProcess, service: 'attachments', maxInFlight: MAX_BUS_IN_FLIGHT }),
    })
    services.unshift(attachments)
    const core = await createCore(config.core, {
      ...around,
      nodes: (await loadDirectory(config.gateway, nativeCrypto, nodeKeys)).all,
      seeds: nodeKeys.map(({ ed25519Seed }) => ed25519Seed),
      bus,
      busServer: new InProcessServer({ bus: inProcess, service: 'core', maxInFlight: busInFlight(config.core) }),
      hasReplicas: false,
      replyLimit: WHOLE_PAGE_LIMIT,
    })
    services.unshift(core)
    const push = await createPush(config.push, {
      ...around,
      verify: core.verify,
      random: Math.random,
      busServer: new InProcessServer({
        bus: inProcess,
        service: 'push',
        maxInFlight: MAX_BUS_IN_FLIGHT,
        events,
        delivery: EVENT_DELIVERY,
      }),
    })
    services.unshift(push)
    const gateway = await createGateway(config.gateway, {
      ...around,
      nodeKeys,
      describeService: describeOverBus(bus, DESCRIBE_TIMEOUT_MS),
      storageRpc: storageRpcOverBus(bus, config.gateway.storageRpcTimeoutMs),
    })
    services.unshift(gateway)
    shutdown.add('stop-traffic', () => {
      health.drain()
      core.releaseWaiting()
    })

    await attachments.start()
    await core.start()
    await push.start()
    await gateway.start()
    const { bindHost: host } = config.gateway
    const operations = await startOperationsServer({ host, port: config.operationsPort, health, metrics })
    shutdown.add('close-stores', () => operations.close())

    for (const warning of config.warnings) print(`Note: ${warning}`)
    for (const line of welcome(config, gateway, { attachments, push })) print(line)
    return { stop: () => shutdown.run() }
  } catch (error) {
    await shutdown.run()
    throw error
  }
}
