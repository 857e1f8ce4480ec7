import { type AttachmentsConfig, attachmentsConfig, ATTACHMENTS_VARIABLES } from '#apps/attachments'
import { CORE_VARIABLES, coreConfig, type CoreConfig } from '#apps/core'
import { gatewayConfig, type GatewayConfig, gatewayVariables } from '#apps/gateway'
import { PUSH_VARIABLES, pushConfig, type PushConfig } from '#apps/push'
import {
  collectProblems,
  type Environment,
  environmentWarnings,
  type LogLevel,
  OPERATIONS_PORT_OFFSET,
  processVariables,
  readEnvironment,
} from '#runtime'

export interface StandaloneConfig {
  readonly gateway: GatewayConfig
  readonly attachments: AttachmentsConfig
  readonly core: CoreConfig
  readonly push: PushConfig
  readonly nodeCount: number
  readonly dataDirectory: string
  readonly clusterSecret: Uint8Array | undefined
  readonly operationsPort: number
  readonly logLevel: LogLevel
  /** Sentences about variables that nothing reads and secrets that others may read. */
  readonly warnings: readonly string[]
}

/** The configuration of everything in one process. Throws `ConfigError` with the problems of all services at once. */
export function standaloneConfig(environment: Environment): StandaloneConfig {
  const [gateway, attachments, core, push, values] = collectProblems(
    () => gatewayConfig(readEnvironment(environment, gatewayVariables)),
    () => attachmentsConfig(environment),
    () => coreConfig(environment),
    () => pushConfig(environment),
    () => readEnvironment(environment, { ...gatewayVariables, ...processVariables }),
  )
  return {
    gateway,
    attachments,
    core,
    push,
    nodeCount: values.nodeCount,
    dataDirectory: values.dataDirectory,
    clusterSecret: values.clusterSecret,
    operationsPort: values.operationsPort ?? values.httpPort + OPERATIONS_PORT_OFFSET,
    logLevel: values.logLevel,
    warnings: environmentWarnings(environment, [
      processVariables,
      gatewayVariables,
      CORE_VARIABLES,
      ATTACHMENTS_VARIABLES,
      PUSH_VARIABLES,
    ]),
  }
}
