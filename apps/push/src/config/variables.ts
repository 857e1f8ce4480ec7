import {
  duration,
  hexBytes,
  list,
  oneOf,
  optionalVariable,
  port,
  redisVariables,
  sharedVariables,
  text,
  url,
  variable,
  wholeNumber,
} from '#runtime'

/** Every environment variable of this service, with its default. */
export const PUSH_VARIABLES = {
  ...sharedVariables,
  ...redisVariables,
  port: optionalVariable('SOTTO_PUSH_PORT', port(), 'Port of the push relay; default SOTTO_HTTP_PORT + 2.'),
  publicUrl: optionalVariable(
    'SOTTO_PUSH_URL',
    url(),
    'URL of the push relay for clients; default http://<SOTTO_PUBLIC_IP>:<port>.',
  ),
  oldKeysFile: optionalVariable(
    'SOTTO_PUSH_OLD_KEYS_FILE',
    text(),
    'File with earlier keys that still open requests, one a line: an Ed25519 seed in hex, or x25519: and a private key in hex.',
  ),
  secret: optionalVariable(
    'SOTTO_PUSH_SECRET',
    hexBytes(32),
    'Secret that device tokens and encryption keys are sealed with, 64 hex digits; default: made on first start in the data directory.',
    { secret: true },
  ),
  devicesPerAccount: variable(
    'SOTTO_PUSH_DEVICES',
    wholeNumber(1, 512),
    'Devices that may be subscribed for one account.',
    { fallback: '100' },
  ),
  sweepInterval: variable('SOTTO_PUSH_SWEEP_INTERVAL', duration(), 'Time between two sweeps of what has expired.', {
    fallback: '30s',
  }),
  timeToLive: variable(
    'SOTTO_PUSH_TTL',
    duration(),
    'How long a notification is worth delivering, here and at the provider.',
    { fallback: '24h' },
  ),
  queueCapacity: variable(
    'SOTTO_PUSH_QUEUE',
    wholeNumber(1, 1e9),
    'Notifications that may wait for one provider; beyond it events stay where they are.',
    { fallback: '1000000' },
  ),
  duplicateWindow: variable(
    'SOTTO_PUSH_DUPLICATE_WINDOW',
    duration(),
    'How long a message is remembered for a device, at least; at most twice as long.',
    { fallback: '10m' },
  ),
  inFlight: variable('SOTTO_PUSH_IN_FLIGHT', wholeNumber(1, 10_000), 'Requests to one provider at once.', {
    fallback: '256',
  }),
  lease: variable(
    'SOTTO_PUSH_LEASE',
    duration(),
    'How long a replica has a notification for itself; what a replica that died had taken comes back after it. From 25s.',
    { fallback: '60s' },
  ),
  batchWindow: variable(
    'SOTTO_PUSH_BATCH_WINDOW',
    duration(),
    'After a notification, further ones for the device are gathered this long, where the provider keeps only the last; 0s = never.',
    { fallback: '500ms' },
  ),
  padding: variable(
    'SOTTO_PUSH_PADDING',
    oneOf('block', 'full'),
    'Payloads are padded to the next 256 bytes as the public service does, or all to one size.',
    { fallback: 'block' },
  ),
  fcmAccountFile: optionalVariable(
    'SOTTO_PUSH_FCM_ACCOUNT_FILE',
    text(),
    'Service account file of Firebase; with it devices of the service firebase are served.',
  ),
  fcmUrl: variable('SOTTO_PUSH_FCM_URL', url('https', 'http'), 'Where FCM is.', {
    fallback: 'https://fcm.googleapis.com',
  }),
  apnsKeyFile: optionalVariable(
    'SOTTO_PUSH_APNS_KEY_FILE',
    text(),
    'Signing key (.p8) of Apple; with it devices of the services apns and apns-sandbox are served.',
  ),
  apnsKeyId: optionalVariable('SOTTO_PUSH_APNS_KEY_ID', text(), 'Id of that key.'),
  apnsTeamId: optionalVariable('SOTTO_PUSH_APNS_TEAM_ID', text(), 'Id of the team that the key belongs to.'),
  apnsTopic: variable('SOTTO_PUSH_APNS_TOPIC', text(), 'Bundle id of the app.', {
    fallback: 'com.loki-project.loki-messenger',
  }),
  apnsUrl: variable('SOTTO_PUSH_APNS_URL', url('https'), 'Where APNs is.', {
    fallback: 'https://api.push.apple.com',
  }),
  apnsSandboxUrl: variable('SOTTO_PUSH_APNS_SANDBOX_URL', url('https'), 'Where the sandbox of APNs is.', {
    fallback: 'https://api.sandbox.push.apple.com',
  }),
  apnsCertificatesFile: optionalVariable(
    'SOTTO_PUSH_APNS_CA_FILE',
    text(),
    'Certificate authorities (PEM) that vouch for APNs; default: those of the system.',
  ),
  webPush: variable('SOTTO_PUSH_WEB', oneOf('on', 'off'), 'Whether Web Push and UnifiedPush devices are served.', {
    fallback: 'on',
  }),
  vapidSubject: variable(
    'SOTTO_PUSH_VAPID_SUBJECT',
    text(),
    'Whom a Web Push service may write to, as mailto: or https: URL; some refuse an address that cannot exist.',
    { fallback: 'mailto:operator@example.org' },
  ),
  endpoints: variable(
    'SOTTO_PUSH_ENDPOINTS',
    list(),
    'Web Push services that may be reached whatever their address, as host or host:port, also over http.',
    { fallback: '' },
  ),
  publicEndpoints: variable(
    'SOTTO_PUSH_PUBLIC_ENDPOINTS',
    oneOf('on', 'off'),
    'Whether Web Push services at any public address may be reached.',
    { fallback: 'on' },
  ),
  logServices: variable(
    'SOTTO_PUSH_LOG_SERVICES',
    list(),
    'Services whose notifications only make a line in the log, for development: log, firebase, apns, apns-sandbox or huawei.',
    { fallback: '' },
  ),
}
