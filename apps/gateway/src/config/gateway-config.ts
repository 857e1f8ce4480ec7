import { join } from 'node:path'
import { MAX_WAIT_MS } from '#protocol'
import { ConfigError, type Values } from '#runtime'
import { type HostPattern, parseHostPattern } from '../exit/host-pattern.ts'
import { isServiceName, SERVICE_NAMES, type ServiceName } from '../exit/service-name.ts'
import type { TokenLimits } from '../rate-limit/token-buckets.ts'
import type { gatewayVariables } from './variables.ts'

/** How the gateway behaves, whatever it is made of. */
export interface GatewayConfig {
  readonly bindHost: string
  readonly publicIp: string
  readonly httpPort: number
  /** Without trailing slash. */
  readonly publicUrl: string
  readonly nodePortBase: number
  readonly swarmSize: number
  readonly nodesFile: string | undefined
  /** Where the TLS certificates of the nodes are kept. */
  readonly certificatesFile: string
  readonly corsOrigins: readonly string[]
  readonly exitHosts: readonly { readonly pattern: HostPattern; readonly service: ServiceName }[]
  readonly exitAllow: readonly HostPattern[]
  readonly serviceUrls: Readonly<Record<ServiceName, URL>>
  /** Longest body of a request to a node, in bytes. */
  readonly bodyLimit: number
  readonly inFlight: { readonly requests: number; readonly bytes: number }
  readonly requestTimeoutMs: number
  readonly relayTimeoutMs: number
  /** How long the core may take to answer; longer than it lets clients wait. */
  readonly storageRpcTimeoutMs: number
  /** Storage requests without an onion that one client may send; 0 a second = any number. */
  readonly rpcLimits: TokenLimits
  readonly exitTimeoutMs: number
  /** Longest answer of an outside server, in bytes. */
  readonly outsideReplyLimit: number
  readonly drainMs: number
}

/** Step two of configuration: what the variables mean together. Throws `ConfigError`. */
export function gatewayConfig(values: Values<typeof gatewayVariables>): GatewayConfig {
  const problems: string[] = []
  const { httpPort, publicIp, nodePortBase, nodeCount, bodyLimit, inFlightBytes, exitHosts, exitAllow } = values
  const lastPort = nodePortBase + nodeCount - 1
  if (lastPort > 65_535) problems.push('SOTTO_NODE_PORT_BASE must leave room for SOTTO_NODE_COUNT ports.')
  if (httpPort >= nodePortBase && httpPort <= lastPort) {
    problems.push('SOTTO_HTTP_PORT must not be one of the ports of the nodes (SOTTO_NODE_PORT_BASE).')
  }
  if (inFlightBytes < bodyLimit) {
    problems.push('SOTTO_ONION_IN_FLIGHT_BYTES must not be less than SOTTO_ONION_MAX_BODY.')
  }
  if (values.storageRpcTimeoutMs <= MAX_WAIT_MS) {
    problems.push(
      `SOTTO_STORAGE_RPC_TIMEOUT must be more than ${MAX_WAIT_MS / 1000}s, which clients may wait for messages.`,
    )
  }
  const config: GatewayConfig = {
    bindHost: values.bindHost,
    publicIp,
    httpPort,
    publicUrl: values.publicUrl ?? `http://${publicIp}:${httpPort}`,
    nodePortBase,
    swarmSize: values.swarmSize,
    nodesFile: values.nodesFile,
    certificatesFile: join(values.dataDirectory, 'gateway', 'node-certificates.json'),
    corsOrigins: values.corsOrigins,
    exitHosts: [...exitHosts].flatMap(([host, service]) => exitHost(host, service, problems)),
    exitAllow: exitAllow.flatMap((host) => allowedHost(host, problems)),
    serviceUrls: {
      attachments: new URL(values.attachmentsInternalUrl ?? `http://127.0.0.1:${httpPort + 1}`),
      push: new URL(values.pushInternalUrl ?? `http://127.0.0.1:${httpPort + 2}`),
    },
    bodyLimit,
    inFlight: { requests: values.inFlightRequests, bytes: inFlightBytes },
    requestTimeoutMs: values.requestTimeoutMs,
    relayTimeoutMs: values.relayTimeoutMs,
    storageRpcTimeoutMs: values.storageRpcTimeoutMs,
    rpcLimits: { perSecond: values.rpcRate, burst: values.rpcBurst, tracked: values.rpcTracked },
    exitTimeoutMs: values.exitTimeoutMs,
    outsideReplyLimit: values.outsideReplyLimit,
    drainMs: values.drainMs,
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function exitHost(host: string, service: string, problems: string[]): GatewayConfig['exitHosts'] {
  const pattern = parseHostPattern(host)
  if (pattern !== undefined && isServiceName(service)) return [{ pattern, service }]
  problems.push(`SOTTO_EXIT_HOSTS must pair host names with one of ${SERVICE_NAMES.join(', ')}.`)
  return []
}

function allowedHost(host: string, problems: string[]): readonly HostPattern[] {
  const pattern = parseHostPattern(host)
  if (pattern !== undefined) return [pattern]
  problems.push('SOTTO_EXIT_ALLOW must list hosts as host or host:port.')
  return []
}
