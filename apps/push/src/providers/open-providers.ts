import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Crypto } from '#crypto'
import { type Clock, type Logger, OutgoingGuard } from '#runtime'
import type { ApnsConfig, FcmConfig, PushConfig, WebPushConfig } from '../config/push-config.ts'
import { PUSH_VARIABLES } from '../config/variables.ts'
import { LazyProvider } from './lazy-provider.ts'
import { createLogProvider } from './log/index.ts'
import { ProviderCredentialsError } from './errors.ts'
import type { Provider } from './provider.ts'

/** The provider of each push service that is served. */
export type Providers = ReadonlyMap<string, Provider>

export interface OpenProviders {
  readonly providers: Providers
  /** Public VAPID key in base64url, where Web Push is served. */
  readonly applicationServerKey?: string
}

export interface ProviderTools {
  readonly crypto: Crypto
  readonly clock: Clock
  readonly logger: Logger
}

/** How long one attempt may take, in milliseconds (push §7.2). */
const DEADLINE_MS = 10_000

/** Connections to one host of Web Push; a large one answers for most devices. */
const ENDPOINT_CONNECTIONS = 64

/**
 * Makes the providers that the configuration names; their libraries are loaded only here. Rejects with `ProviderCredentialsError` or
 * `SecretFileError`, whose message is one sentence for the operator.
 */
export async function openProviders(config: PushConfig, tools: ProviderTools): Promise<OpenProviders> {
  const { fcm, apns, webPush, logged } = config.providers
  const providers = new Map<string, Provider>()
  try {
    for (const service of logged) providers.set(service, createLogProvider({ logger: tools.logger, service }))
    if (fcm !== undefined) providers.set('firebase', await openFcm(fcm, tools))
    if (apns !== undefined) await openApns(apns, tools, providers)
    if (webPush === undefined) return { providers }
    const { provider, applicationServerKey } = await openWebPush(config.dataDirectory, webPush, tools)
    return { providers: providers.set('webpush', provider), applicationServerKey }
  } catch (error) {
    await closeProviders(providers)
    throw error
  }
}

/** Closes all of them, whatever one of them says. */
export async function closeProviders(providers: Providers): Promise<void> {
  const results = await Promise.allSettled([...providers.values()].map((provider) => provider.close()))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

async function openFcm({ accountFile, url }: FcmConfig, { clock }: ProviderTools): Promise<Provider> {
  const { createFcmProvider } = await import('./fcm/index.ts')
  return createFcmProvider({
    serviceAccountFile: accountFile,
    endpoint: url,
    deadlineMs: DEADLINE_MS,
    now: () => clock.now(),
  })
}

async function openApns(config: ApnsConfig, { clock }: ProviderTools, into: Map<string, Provider>): Promise<void> {
  const { createApnsProvider } = await import('./apns/index.ts')
  const { keyFile, keyId, teamId, topic, urls, certificatesFile } = config
  const ca = certificatesFile === undefined ? undefined : await readCertificates(certificatesFile)
  for (const service of ['apns', 'apns-sandbox'] as const) {
    const provider = createApnsProvider({
      keyFile,
      keyId,
      teamId,
      topic,
      endpoint: urls[service],
      ...(ca !== undefined && { ca }),
      deadlineMs: DEADLINE_MS,
      now: () => clock.now(),
    })
    into.set(service, provider)
  }
}

async function readCertificates(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const { name } = PUSH_VARIABLES.apnsCertificatesFile
    throw new ProviderCredentialsError(`${name} names a file that cannot be read.`, { cause })
  }
}

async function openWebPush(
  dataDirectory: string,
  { subject, ...destinations }: WebPushConfig,
  { crypto, clock }: ProviderTools,
): Promise<{ readonly provider: Provider; readonly applicationServerKey: string }> {
  const { loadOrCreateVapidKeys } = await import('./web-push/vapid-keys.ts')
  const keys = loadOrCreateVapidKeys({
    file: join(dataDirectory, 'push-vapid-key'),
    randomBytes: (length) => crypto.randomBytes(length),
  })
  const provider = new LazyProvider({
    keepsOnlyLast: false,
    open: async () => {
      const { createWebPushProvider } = await import('./web-push/index.ts')
      return createWebPushProvider({
        vapid: { ...keys, subject },
        guard: new OutgoingGuard({ ...destinations, connectionsPerHost: ENDPOINT_CONNECTIONS }),
        deadlineMs: DEADLINE_MS,
        now: () => clock.now(),
      })
    },
  })
  return { provider, applicationServerKey: keys.publicKey }
}
