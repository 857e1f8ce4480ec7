import { nodeVariables } from '#nodes'
import {
  byteSize,
  duration,
  list,
  optionalVariable,
  pairs,
  sharedVariables,
  url,
  variable,
  wholeNumber,
} from '#runtime'

/** What the environment may say of the gateway. */
export const gatewayVariables = {
  ...sharedVariables,
  ...nodeVariables,
  publicUrl: optionalVariable(
    'SOTTO_PUBLIC_URL',
    url(),
    'The HTTP port as clients reach it, for example behind a certificate of an authority; http://<public ip>:<HTTP port> when not set.',
  ),
  corsOrigins: variable(
    'SOTTO_CORS_ORIGINS',
    list(),
    'Origins whose scripts may use the HTTP port from a browser; * for any.',
    {
      fallback: ',',
    },
  ),
  exitHosts: variable(
    'SOTTO_EXIT_HOSTS',
    pairs(),
    'Further names of the own services: files.example.org=attachments,….',
    {
      fallback: ',',
    },
  ),
  exitAllow: variable('SOTTO_EXIT_ALLOW', list(), 'Outside servers that clients may reach, as host or host:port.', {
    fallback: ',',
  }),
  attachmentsInternalUrl: optionalVariable(
    'SOTTO_ATTACHMENTS_INTERNAL_URL',
    url('http'),
    'Attachment service inside the cluster; http://127.0.0.1:<HTTP port + 1> when not set.',
  ),
  pushInternalUrl: optionalVariable(
    'SOTTO_PUSH_INTERNAL_URL',
    url('http'),
    'Push relay inside the cluster; http://127.0.0.1:<HTTP port + 2> when not set.',
  ),
  bodyLimit: variable('SOTTO_ONION_MAX_BODY', byteSize(), 'Longest body of a request to a node.', {
    fallback: '10485760',
  }),
  inFlightBytes: variable('SOTTO_ONION_IN_FLIGHT_BYTES', byteSize(), 'Request bodies that are held at the same time.', {
    fallback: '1gib',
  }),
  inFlightRequests: variable(
    'SOTTO_ONION_IN_FLIGHT_REQUESTS',
    wholeNumber(1, 1_000_000),
    'Requests that are answered at the same time, those of clients that wait for messages among them.',
    { fallback: '16384' },
  ),
  requestTimeoutMs: variable('SOTTO_REQUEST_TIMEOUT', duration(), 'How long a client may take to send a request.', {
    fallback: '60s',
  }),
  relayTimeoutMs: variable('SOTTO_RELAY_TIMEOUT', duration(), 'How long another operator’s node may take to answer.', {
    fallback: '30s',
  }),
  storageRpcTimeoutMs: variable(
    'SOTTO_STORAGE_RPC_TIMEOUT',
    duration(),
    'How long the core may take to answer; more than the 20 seconds that clients may wait for messages.',
    { fallback: '25s' },
  ),
  rpcRate: variable(
    'SOTTO_RPC_RATE',
    wholeNumber(0, 1_000_000),
    'Plain storage requests a second of one client (IPv4 address or IPv6 /64), also on loopback; 0 for no limit: behind a proxy all clients look like one, so the proxy has to limit them.',
    { fallback: '300' },
  ),
  rpcBurst: variable(
    'SOTTO_RPC_BURST',
    wholeNumber(1, 1_000_000),
    'Plain storage requests that one client may send at once.',
    { fallback: '600' },
  ),
  rpcTracked: variable(
    'SOTTO_RPC_TRACKED',
    wholeNumber(1, 10_000_000),
    'Clients whose plain storage requests are counted at the same time; further ones are refused.',
    { fallback: '10000' },
  ),
  exitTimeoutMs: variable('SOTTO_EXIT_TIMEOUT', duration(), 'How long a server behind the exit may take.', {
    fallback: '25s',
  }),
  outsideReplyLimit: variable('SOTTO_EXIT_MAX_REPLY', byteSize(), 'Longest answer of an outside server.', {
    fallback: '16mib',
  }),
  drainMs: variable(
    'SOTTO_DRAIN_TIMEOUT',
    duration(),
    'How long requests on their way may take when the gateway stops.',
    {
      fallback: '20s',
    },
  ),
} as const
