import { MAX_UPLOAD_SIZE } from '#protocol'
import {
  byteSize,
  duration,
  oneOf,
  port,
  redisVariables,
  sharedVariables,
  text,
  url,
  wholeNumber,
  optionalVariable,
  variable,
} from '#runtime'

const TTL_LIMIT = 10 * 365 * 86_400

/** Every environment variable of this service, with its default. */
export const ATTACHMENTS_VARIABLES = {
  ...sharedVariables,
  ...redisVariables,
  port: optionalVariable(
    'SOTTO_ATTACHMENTS_PORT',
    port(),
    'Port of the attachment service; default SOTTO_HTTP_PORT + 1.',
  ),
  publicUrl: optionalVariable(
    'SOTTO_ATTACHMENTS_URL',
    url(),
    'URL of the attachment service for clients and gateway; default http://<SOTTO_PUBLIC_IP>:<port>.',
  ),
  oldKeysFile: optionalVariable(
    'SOTTO_ATTACHMENTS_OLD_KEYS_FILE',
    text(),
    'File with earlier keys that still open requests, one a line: an Ed25519 seed in hex, or x25519: and a private key in hex.',
  ),
  idMode: variable('SOTTO_FILE_ID_MODE', oneOf('content', 'numeric'), 'How new files are named.', {
    fallback: 'content',
  }),
  maxFileSize: variable('SOTTO_MAX_FILE_SIZE', byteSize(), 'Largest file.', { fallback: MAX_UPLOAD_SIZE.toString() }),
  inlineBytes: optionalVariable(
    'SOTTO_FILE_INLINE_BYTES',
    byteSize(),
    'Files up to this size lie in the record store; default 65536 with embedded stores, 0 otherwise.',
  ),
  defaultTtl: variable('SOTTO_FILE_TTL', wholeNumber(1, TTL_LIMIT), 'Life of a file in seconds.', {
    fallback: '1209600',
  }),
  maxTtl: optionalVariable(
    'SOTTO_FILE_MAX_TTL',
    wholeNumber(1, TTL_LIMIT),
    'Longest life in seconds that a client may ask for with X-FS-TTL; without it the header is not looked at.',
  ),
  stallDeadline: variable('SOTTO_STALL_DEADLINE', duration(), 'How long a client may stay silent within a request.', {
    fallback: '30s',
  }),
  sealedMemory: variable('SOTTO_SEALED_MEMORY', byteSize(), 'Bytes of sealed requests in memory at once.', {
    fallback: '256mib',
  }),
  sweepInterval: variable('SOTTO_SWEEP_INTERVAL', duration(), 'Time between two sweeps of expired files.', {
    fallback: '15s',
  }),
  orphanInterval: variable('SOTTO_ORPHAN_SWEEP_INTERVAL', duration(), 'Time between two searches for orphans.', {
    fallback: '1h',
  }),
  orphanGrace: variable('SOTTO_ORPHAN_GRACE', duration(), 'Age from which a blob without a record is an orphan.', {
    fallback: '1h',
  }),
  hashWorkers: variable('SOTTO_HASH_WORKERS', wholeNumber(1, 64), 'Threads that compute content ids.', {
    fallback: '1',
  }),
  hashLoopBytes: variable('SOTTO_HASH_LOOP_BYTES', byteSize(), 'Files up to this size are hashed on the event loop.', {
    fallback: '131072',
  }),
  releasesFile: optionalVariable('SOTTO_RELEASES_FILE', text(), 'JSON file with the newest releases of the clients.'),
  releasesUrl: optionalVariable('SOTTO_RELEASES_URL', url(), 'URL of the same JSON, asked every 30 minutes.'),
  tokenInfoFile: optionalVariable('SOTTO_TOKEN_INFO_FILE', text(), 'JSON file that /token_info serves.'),
  networkInfoFile: optionalVariable('SOTTO_NETWORK_INFO_FILE', text(), 'JSON file that /info serves.'),
  s3Endpoint: optionalVariable('SOTTO_S3_ENDPOINT', url(), 'S3 for file bodies; needs SOTTO_REDIS_URL.'),
  s3Bucket: variable('SOTTO_S3_BUCKET', text(), 'Bucket of file bodies.', { fallback: 'sotto' }),
  s3Region: variable('SOTTO_S3_REGION', text(), 'Region of the bucket.', { fallback: 'us-east-1' }),
  s3AccessKey: optionalVariable('SOTTO_S3_ACCESS_KEY', text(), 'Access key of S3.', { secret: true }),
  s3SecretKey: optionalVariable('SOTTO_S3_SECRET_KEY', text(), 'Secret key of S3.', { secret: true }),
  uploadMemory: variable('SOTTO_UPLOAD_MEMORY', byteSize(), 'Bytes of uploads on their way to S3 at once.', {
    fallback: '256mib',
  }),
}
