import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { type Logger, portError } from '#runtime'
import type { GatewayConfig } from './config/gateway-config.ts'
import type { GatewayDependencies } from './dependencies.ts'
import { discoveryDocument } from './discovery/discovery-document.ts'
import { createExits, type Exits } from './exit/create-exits.ts'
import { Cors } from './http/cors.ts'
import { createHttpPort } from './http/http-port.ts'
import { InFlight } from './http/in-flight.ts'
import { NodeDoor } from './http/node-door.ts'
import { nodeRoutes } from './http/routes/index.ts'
import { loadDirectory, type NodeDirectory } from '#nodes'
import { Readiness } from './readiness.ts'
import { createGatewayObserver, type GatewayObserver } from './observer.ts'
import { RpcRateLimit } from './rate-limit/rpc-rate-limit.ts'
import { Destination } from './onion/destination.ts'
import { ForeignRelay } from './onion/foreign-relay.ts'
import { OnionRouter } from './onion/onion-router.ts'
import { seedMethods } from './seed/methods/index.ts'
import { settledWithin } from './settled-within.ts'
import { loadCertificates } from './tls/certificate-file.ts'
import { NodeServers } from './tls/node-servers.ts'

/** How long connections that have nothing under way may take to close, in milliseconds. */
const CLOSE_MS = 1_000
/** How much longer a connection may be silent than the slowest answer takes to begin, in milliseconds. */
const IDLE_MARGIN_MS = 15_000

/** Creates a gateway from its configuration and what it is made of; it listens after `start`. Rejects with errors of its files. */
export async function createGateway(config: GatewayConfig, dependencies: GatewayDependencies): Promise<Gateway> {
  const { crypto, clock, monotonic, logger, metrics } = dependencies
  const directory = await loadDirectory(config, crypto, dependencies.nodeKeys)
  const certificates = await loadCertificates(crypto, config.certificatesFile, directory.own.length)
  const inFlight = new InFlight(config.inFlight)
  const observer = createGatewayObserver(metrics, logger, inFlight, monotonic)
  const readiness = dependencies.readiness ?? new Readiness()
  const now = (): number => clock.now()
  const storageRpc = dependencies.storageRpc
  const foreignRelay = new ForeignRelay(config.relayTimeoutMs, observer)
  const exits = createExits(config, dependencies, observer)
  const destination = new Destination(crypto, storageRpc, observer)
  const { exit } = exits
  const router = new OnionRouter({ crypto, directory, readiness, foreignRelay, destination, exit, observer })
  const rateLimit = createRateLimit(config, dependencies, observer)
  const routes = nodeRoutes(router, storageRpc, observer, rateLimit)
  const door = new NodeDoor({ routes, readiness, inFlight, bodyLimit: config.bodyLimit, observer })
  const timeouts = {
    requestMs: config.requestTimeoutMs,
    idleMs: idleLimit(config),
  }
  const app = await createHttpPort({
    seedMethods: seedMethods(directory, now),
    discovery: async () => discoveryDocument(directory, await exits.services.describeAll(), config.publicUrl),
    directory,
    door,
    cors: new Cors(config.corsOrigins),
    timeouts,
    logger,
  })
  const nodeServers = new NodeServers({
    nodes: directory.own,
    certificates,
    host: config.bindHost,
    timeouts,
    handler: (node, request, response) => void door.exchange(node, pathOf(request.url), request, response),
  })
  return new Gateway({ config, directory, readiness, inFlight, app, nodeServers, foreignRelay, exits, logger })
}

interface GatewayParts {
  readonly config: GatewayConfig
  readonly directory: NodeDirectory
  readonly readiness: Readiness
  readonly inFlight: InFlight
  readonly app: NestFastifyApplication
  readonly nodeServers: NodeServers
  readonly foreignRelay: ForeignRelay
  readonly exits: Exits
  readonly logger: Logger
}

/** The public edge: onion nodes, seed and discovery. */
export class Gateway {
  private stopped: Promise<void> | undefined

  constructor(private readonly parts: GatewayParts) {}

  /** Every node the gateway knows. */
  get directory(): NodeDirectory {
    return this.parts.directory
  }

  /** Port on which seed and discovery listen; the one in the configuration unless that was 0. */
  get httpPort(): number {
    const address: unknown = this.parts.app.getHttpServer().address()
    return typeof address === 'object' && address !== null && 'port' in address
      ? Number(address.port)
      : this.parts.config.httpPort
  }

  /** Listens on all ports. Rejects with `PortUnavailableError`; what could be opened is then closed again. */
  async start(): Promise<void> {
    const { config, app, nodeServers, readiness, directory, logger } = this.parts
    try {
      await nodeServers.listen()
      await app.listen(config.httpPort, config.bindHost)
    } catch (error) {
      await this.stop()
      throw portError(error, config.httpPort, 'SOTTO_HTTP_PORT')
    }
    readiness.start()
    logger.info('gateway-started', { port: this.httpPort, nodes: directory.own.length })
  }

  /**
   * Refuses new requests, finishes those on their way as long as the configuration gives them, and closes everything. Further calls
   * wait for the first.
   */
  stop(): Promise<void> {
    this.stopped ??= this.close()
    return this.stopped
  }

  private async close(): Promise<void> {
    const { config, app, nodeServers, readiness, inFlight, foreignRelay, exits } = this.parts
    readiness.drain()
    await settledWithin(inFlight.whenIdle(), config.drainMs)
    const closed = Promise.all([nodeServers.close(), app.close()])
    if (!(await settledWithin(closed, CLOSE_MS))) {
      nodeServers.destroyConnections()
      app.getHttpServer().closeAllConnections()
    }
    await closed
    readiness.stop()
    await Promise.all([foreignRelay.close(), exits.close()])
  }
}

/** A connection may be silent as long as the slowest answer takes to begin. */
function idleLimit(config: GatewayConfig): number {
  const { relayTimeoutMs, exitTimeoutMs, requestTimeoutMs, storageRpcTimeoutMs } = config
  return Math.max(relayTimeoutMs, exitTimeoutMs, requestTimeoutMs, storageRpcTimeoutMs) + IDLE_MARGIN_MS
}

function createRateLimit(
  { rpcLimits }: GatewayConfig,
  { crypto, monotonic, metrics }: GatewayDependencies,
  observer: GatewayObserver,
): RpcRateLimit | undefined {
  if (rpcLimits.perSecond === 0) return undefined
  const limit = new RpcRateLimit(rpcLimits, {
    crypto,
    now: () => monotonic.now(),
    refused: (reason) => observer.rateLimited(reason),
  })
  metrics.observed('gateway_tracked_clients', 'Clients that the rate limit remembers.', () => limit.tracked)
  return limit
}

/** The path of a request target, without its query. */
function pathOf(target = '/'): string {
  const end = target.indexOf('?')
  return end < 0 ? target : target.slice(0, end)
}
