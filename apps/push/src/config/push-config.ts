import { collectProblems, ConfigError, type Environment, readEnvironment, urlHost } from '#runtime'
import { PUSH_VARIABLES } from './variables.ts'

/** Everything the operator decides about this service. Times in milliseconds. */
export interface PushConfig {
  readonly host: string
  readonly port: number
  readonly publicUrl: string
  readonly dataDirectory: string
  /** Undefined = both stores in the data directory. */
  readonly redisUrl: string | undefined
  readonly oldKeysFile: string | undefined
  /** 32 bytes; undefined = from a file of the data directory. */
  readonly secret: Uint8Array | undefined
  readonly devicesPerAccount: number
  readonly sweepIntervalMs: number
  readonly queue: QueueConfig
  readonly isPaddedToOneSize: boolean
  readonly providers: ProvidersConfig
}

export interface QueueConfig {
  readonly timeToLiveMs: number
  readonly capacity: number
  readonly duplicateWindowMs: number
  readonly inFlight: number
  readonly leaseMs: number
  readonly batchWindowMs: number
}

/** The push services that are served; one that is undefined is not. */
export interface ProvidersConfig {
  readonly fcm: FcmConfig | undefined
  readonly apns: ApnsConfig | undefined
  readonly webPush: WebPushConfig | undefined
  /** Names of services whose notifications only make a line in the log. */
  readonly logged: readonly string[]
}

export interface FcmConfig {
  readonly accountFile: string
  readonly url: string
}

export interface ApnsConfig {
  readonly keyFile: string
  readonly keyId: string
  readonly teamId: string
  readonly topic: string
  readonly urls: { readonly apns: string; readonly 'apns-sandbox': string }
  readonly certificatesFile: string | undefined
}

export interface WebPushConfig {
  /** `mailto:` or `https:` URL. */
  readonly subject: string
  readonly allowList: readonly string[]
  readonly allowPublic: boolean
  /** Public addresses of this deployment: no endpoints unless listed. */
  readonly ownAddresses: readonly string[]
}

/** A device waits no longer for its second wake-up, and what is held stays well within its lease. */
const MAX_BATCH_WINDOW_MS = 10_000
/** Long enough for two attempts of a provider within it, each with its deadline. */
const LEAST_LEASE_MS = 25_000

type PushValues = ReturnType<typeof readEnvironment<typeof PUSH_VARIABLES>>

/** Services that the log can stand in for. */
const LOGGABLE = ['log', 'firebase', 'apns', 'apns-sandbox', 'huawei']

/** The configuration in an environment. Throws `ConfigError` with all problems at once. */
export function pushConfig(environment: Environment): PushConfig {
  const values = readEnvironment(environment, PUSH_VARIABLES)
  const port = values.port ?? values.httpPort + 2
  const [queue, providers] = collectProblems(
    () => queueConfig(values),
    () => providersConfig(values),
  )
  return {
    host: values.bindHost,
    port,
    publicUrl: values.publicUrl ?? `http://${urlHost(values.publicIp)}:${port}`,
    dataDirectory: values.dataDirectory,
    redisUrl: values.redisUrl,
    oldKeysFile: values.oldKeysFile,
    secret: values.secret,
    devicesPerAccount: values.devicesPerAccount,
    sweepIntervalMs: values.sweepInterval,
    queue,
    isPaddedToOneSize: values.padding === 'full',
    providers,
  }
}

function queueConfig(values: PushValues): QueueConfig {
  const problems = [
    ...(values.batchWindow > MAX_BATCH_WINDOW_MS ? ['SOTTO_PUSH_BATCH_WINDOW must be 10s at most.'] : []),
    ...(values.lease < LEAST_LEASE_MS ? ['SOTTO_PUSH_LEASE must be 25s at least.'] : []),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  return {
    timeToLiveMs: values.timeToLive,
    capacity: values.queueCapacity,
    duplicateWindowMs: values.duplicateWindow,
    inFlight: values.inFlight,
    leaseMs: values.lease,
    batchWindowMs: values.batchWindow,
  }
}

function providersConfig(values: PushValues): ProvidersConfig {
  const { fcmAccountFile, fcmUrl, webPush } = values
  const [apns, webPushOrNone, logged] = collectProblems(
    () => apnsConfig(values),
    () => (webPush === 'off' ? undefined : webPushConfig(values)),
    () => loggedServices(values),
  )
  const fcm = fcmAccountFile === undefined ? undefined : { accountFile: fcmAccountFile, url: fcmUrl }
  return { fcm, apns, webPush: webPushOrNone, logged }
}

function loggedServices({ logServices, fcmAccountFile, apnsKeyFile }: PushValues): readonly string[] {
  if (logServices.some((service) => !LOGGABLE.includes(service))) {
    throw new ConfigError([`SOTTO_PUSH_LOG_SERVICES may name ${LOGGABLE.join(', ')} only.`])
  }
  const isTaken = (service: string): boolean =>
    service === 'firebase' ? fcmAccountFile !== undefined : isOfApple(service) && apnsKeyFile !== undefined
  if (logServices.some(isTaken)) {
    throw new ConfigError(['SOTTO_PUSH_LOG_SERVICES must not name a service that has a provider.'])
  }
  return logServices
}

function apnsConfig(values: PushValues): ApnsConfig | undefined {
  const { apnsKeyFile: keyFile, apnsKeyId: keyId, apnsTeamId: teamId } = values
  if (keyFile === undefined && keyId === undefined && teamId === undefined) return undefined
  if (keyFile === undefined || keyId === undefined || teamId === undefined) {
    const names = [PUSH_VARIABLES.apnsKeyFile, PUSH_VARIABLES.apnsKeyId, PUSH_VARIABLES.apnsTeamId]
    throw new ConfigError([`${names.map(({ name }) => name).join(', ')} go together; set all or none.`])
  }
  const urls = { apns: values.apnsUrl, 'apns-sandbox': values.apnsSandboxUrl }
  return { keyFile, keyId, teamId, topic: values.apnsTopic, urls, certificatesFile: values.apnsCertificatesFile }
}

function webPushConfig({ vapidSubject, endpoints, publicEndpoints, publicIp }: PushValues): WebPushConfig {
  if (!/^(mailto:.+@.+|https:\/\/.+)$/.test(vapidSubject)) {
    throw new ConfigError(['SOTTO_PUSH_VAPID_SUBJECT must be a mailto: or https: URL.'])
  }
  return {
    subject: vapidSubject,
    allowList: endpoints,
    allowPublic: publicEndpoints === 'on',
    ownAddresses: [publicIp],
  }
}

function isOfApple(service: string): boolean {
  return service === 'apns' || service === 'apns-sandbox'
}
