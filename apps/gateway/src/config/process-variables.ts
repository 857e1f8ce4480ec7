import { LOG_LEVELS, list, oneOf, optionalVariable, port, text, variable } from '#runtime'

/** What the environment says of a gateway that is a process of its own. */
export const processVariables = {
  natsServers: variable('SOTTO_NATS_URL', list(), 'NATS servers, separated by commas.', {
    fallback: 'nats://127.0.0.1:4222',
  }),
  natsCredentialsFile: optionalVariable('SOTTO_NATS_CREDENTIALS_FILE', text(), 'Credentials file for NATS.'),
  logLevel: variable('SOTTO_LOG_LEVEL', oneOf(...LOG_LEVELS), 'Least severity that is logged.', { fallback: 'info' }),
  operationsPort: variable('SOTTO_OPERATIONS_PORT', port(), 'Port of /livez, /readyz and /metrics.', {
    fallback: '3009',
  }),
} as const
