import { nodeVariables } from '#nodes'
import {
  byteSize,
  duration,
  oneOf,
  optionalVariable,
  redisVariables,
  sharedVariables,
  url,
  variable,
  wholeNumber,
} from '#runtime'

/** Every environment variable of this service, with its default. */
export const CORE_VARIABLES = {
  ...sharedVariables,
  ...nodeVariables,
  ...redisVariables,
  mailboxMessages: variable('SOTTO_MAILBOX_MESSAGES', wholeNumber(1, 1e9), 'Most messages in one mailbox.', {
    fallback: '100000',
  }),
  mailboxBytes: variable('SOTTO_MAILBOX_BYTES', byteSize(), 'Most bytes of message data in one mailbox.', {
    fallback: '256mib',
  }),
  waitingClients: variable(
    'SOTTO_WAITING_CLIENTS',
    wholeNumber(0, 1e6),
    'Clients that may wait for a message in one core at once; further ones are answered at once.',
    { fallback: '10000' },
  ),
  requestsInFlight: variable(
    'SOTTO_CORE_IN_FLIGHT',
    wholeNumber(1, 1e6),
    'Storage requests under way in one core at once, those of waiting clients not counted.',
    { fallback: '4096' },
  ),
  signatureThread: variable(
    'SOTTO_SIGNATURE_THREAD',
    oneOf('on', 'off'),
    'Whether signatures are made and verified in a thread of their own; off where the process has one core.',
    { fallback: 'on' },
  ),
  purgeInterval: variable('SOTTO_PURGE_INTERVAL', duration(), 'Time between two purges of expired messages.', {
    fallback: '10s',
  }),
  nameResolver: optionalVariable(
    'SOTTO_NAME_RESOLVER_URL',
    url(),
    'json_rpc of an Oxen daemon that resolves names; without one no name is known.',
  ),
}
