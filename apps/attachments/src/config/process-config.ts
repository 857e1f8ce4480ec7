import {
  type Environment,
  type LogLevel,
  natsVariables,
  OPERATIONS_PORT_OFFSET,
  processVariables,
  readEnvironment,
  sharedVariables,
} from '#runtime'

export interface ProcessConfig {
  readonly host: string
  readonly operationsPort: number
  readonly logLevel: LogLevel
  readonly nats: { readonly servers: readonly string[]; readonly credentialsFile: string | undefined }
}

/** The configuration of the process around the service. Throws `ConfigError`. */
export function processConfig(environment: Environment): ProcessConfig {
  const values = readEnvironment(environment, { ...sharedVariables, ...processVariables, ...natsVariables })
  return {
    host: values.bindHost,
    logLevel: values.logLevel,
    operationsPort: values.operationsPort ?? values.httpPort + OPERATIONS_PORT_OFFSET,
    nats: { servers: values.natsServers, credentialsFile: values.natsCredentialsFile },
  }
}
