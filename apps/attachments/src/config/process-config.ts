import {
  type Environment,
  list,
  LOG_LEVELS,
  oneOf,
  optionalVariable,
  port,
  readEnvironment,
  text,
  variable,
} from '#runtime'
import { ATTACHMENTS_VARIABLES } from './variables.ts'

/** Variables of a process that runs this service alone. */
export const PROCESS_VARIABLES = {
  httpPort: ATTACHMENTS_VARIABLES.httpPort,
  host: ATTACHMENTS_VARIABLES.host,
  operationsPort: optionalVariable(
    'SOTTO_OPERATIONS_PORT',
    port(),
    'Port of /livez, /readyz and /metrics; default SOTTO_HTTP_PORT + 9.',
  ),
  logLevel: variable('SOTTO_LOG_LEVEL', oneOf(...LOG_LEVELS), 'Least severe log line that is written.', {
    fallback: 'info',
  }),
  natsServers: optionalVariable('SOTTO_NATS_URL', list(), 'NATS servers; without them the service is not on a bus.'),
  natsCredentialsFile: optionalVariable('SOTTO_NATS_CREDENTIALS_FILE', text(), 'NATS credentials (JWT and seed).'),
}

export interface ProcessConfig {
  readonly host: string
  readonly operationsPort: number
  readonly logLevel: (typeof LOG_LEVELS)[number]
  readonly nats: { readonly servers: readonly string[]; readonly credentialsFile: string | undefined } | undefined
}

/** The configuration of the process around the service. Throws `ConfigError`. */
export function processConfig(environment: Environment): ProcessConfig {
  const values = readEnvironment(environment, PROCESS_VARIABLES)
  const { host, logLevel, natsServers: servers, natsCredentialsFile: credentialsFile } = values
  return {
    host,
    logLevel,
    operationsPort: values.operationsPort ?? values.httpPort + 9,
    nats: servers === undefined ? undefined : { servers, credentialsFile },
  }
}
