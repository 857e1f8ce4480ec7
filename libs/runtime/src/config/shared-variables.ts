import { LOG_LEVELS } from '../logging/logger.ts'
import { ipAddress, list, oneOf, port, text, url } from './parsers.ts'
import { optionalVariable, variable } from './variables.ts'

/** What several services read from one variable: declared once, so that it has one form and one default in one process. */
export const sharedVariables = {
  dataDirectory: variable('SOTTO_DATA_DIR', text(), 'Directory of everything that has to survive a restart.', {
    fallback: './data',
  }),
  bindHost: variable('SOTTO_BIND_HOST', text(), 'Address to listen on; 0.0.0.0 lets other machines in.', {
    fallback: '127.0.0.1',
  }),
  publicIp: variable('SOTTO_PUBLIC_IP', ipAddress(), 'Address that is announced to clients.', {
    fallback: '127.0.0.1',
  }),
  httpPort: variable('SOTTO_HTTP_PORT', port(), 'Port of seed and discovery; other services count from it.', {
    fallback: '3000',
  }),
} as const

/** How far above the HTTP port an operations server listens unless it is told otherwise. */
export const OPERATIONS_PORT_OFFSET = 9

/** The process around a service. */
export const processVariables = {
  operationsPort: optionalVariable(
    'SOTTO_OPERATIONS_PORT',
    port(),
    `Port of /livez, /readyz and /metrics; default SOTTO_HTTP_PORT + ${OPERATIONS_PORT_OFFSET}.`,
  ),
  logLevel: variable('SOTTO_LOG_LEVEL', oneOf(...LOG_LEVELS), 'Least severe log line that is written.', {
    fallback: 'info',
  }),
} as const

/** How a service that is a process of its own reaches the others. */
export const natsVariables = {
  natsServers: variable('SOTTO_NATS_URL', list(), 'NATS servers, separated by commas.', {
    fallback: 'nats://127.0.0.1:4222',
  }),
  natsCredentialsFile: optionalVariable('SOTTO_NATS_CREDENTIALS_FILE', text(), 'Credentials file for NATS.'),
} as const

/** Where services keep their state when they are several processes. */
export const redisVariables = {
  redisUrl: optionalVariable(
    'SOTTO_REDIS_URL',
    url('redis', 'rediss'),
    'Redis for the state of all services; files then need SOTTO_S3_ENDPOINT too.',
    { secret: true },
  ),
} as const
