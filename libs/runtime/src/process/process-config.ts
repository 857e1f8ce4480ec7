import type { Environment } from '../config/read-environment.ts'
import { readEnvironment } from '../config/read-environment.ts'
import { natsVariables, OPERATIONS_PORT_OFFSET, processVariables, sharedVariables } from '../config/shared-variables.ts'
import type { LogLevel } from '../logging/logger.ts'

/** The process around a service that runs alone. */
export interface ProcessConfig {
  readonly host: string
  readonly operationsPort: number
  readonly logLevel: LogLevel
  readonly nats: { readonly servers: readonly string[]; readonly credentialsFile: string | undefined }
}

/** The configuration of the process around a service. Throws `ConfigError`. */
export function processConfig(environment: Environment): ProcessConfig {
  const values = readEnvironment(environment, { ...sharedVariables, ...processVariables, ...natsVariables })
  return {
    host: values.bindHost,
    logLevel: values.logLevel,
    operationsPort: values.operationsPort ?? values.httpPort + OPERATIONS_PORT_OFFSET,
    nats: { servers: values.natsServers, credentialsFile: values.natsCredentialsFile },
  }
}
