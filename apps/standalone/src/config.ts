import { type AttachmentsConfig, attachmentsConfig, ATTACHMENTS_VARIABLES } from '#apps/attachments'
import { gatewayConfig, type GatewayConfig, gatewayVariables } from '#apps/gateway'
import {
  collectProblems,
  type Environment,
  LOG_LEVELS,
  type LogLevel,
  oneOf,
  optionalVariable,
  port,
  readEnvironment,
  unknownVariables,
  variable,
} from '#runtime'

/** What the environment says of the process around the services. */
export const standaloneVariables = {
  httpPort: gatewayVariables.httpPort,
  nodeCount: gatewayVariables.nodeCount,
  dataDirectory: gatewayVariables.dataDirectory,
  clusterSecret: gatewayVariables.clusterSecret,
  operationsPort: optionalVariable(
    'SOTTO_OPERATIONS_PORT',
    port(),
    'Port of /livez, /readyz and /metrics; default SOTTO_HTTP_PORT + 9.',
  ),
  logLevel: variable('SOTTO_LOG_LEVEL', oneOf(...LOG_LEVELS), 'Least severe log line that is written.', {
    fallback: 'warn',
  }),
} as const

export interface StandaloneConfig {
  readonly gateway: GatewayConfig
  readonly attachments: AttachmentsConfig
  readonly nodeCount: number
  readonly dataDirectory: string
  readonly clusterSecret: Uint8Array | undefined
  readonly operationsPort: number
  readonly logLevel: LogLevel
  /** Sentences about variables that nothing reads. */
  readonly warnings: readonly string[]
}

/** The configuration of everything in one process. Throws `ConfigError` with the problems of all services at once. */
export function standaloneConfig(environment: Environment): StandaloneConfig {
  const [gateway, attachments, values] = collectProblems(
    () => gatewayConfig(readEnvironment(environment, gatewayVariables)),
    () => attachmentsConfig(environment),
    () => readEnvironment(environment, standaloneVariables),
  )
  return {
    gateway,
    attachments,
    nodeCount: values.nodeCount,
    dataDirectory: values.dataDirectory,
    clusterSecret: values.clusterSecret,
    operationsPort: values.operationsPort ?? values.httpPort + 9,
    logLevel: values.logLevel,
    warnings: unknownVariables(environment, [standaloneVariables, gatewayVariables, ATTACHMENTS_VARIABLES]),
  }
}
