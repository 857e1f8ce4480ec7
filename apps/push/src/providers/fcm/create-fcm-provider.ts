import { rootCertificates } from 'node:tls'
import { ProviderCredentialsError } from '../errors.ts'
import { MOST_WAITING, REQUESTS_PER_SESSION, SessionPool, wheelFor } from '../http2/index.ts'
import type { Provider } from '../provider.ts'
import { AccessTokens } from './access-tokens.ts'
import { FcmProvider } from './fcm-provider.ts'
import { prepareLogin } from './google-login.ts'
import { readServiceAccount } from './service-account.ts'
import { trustworthyUrl } from './trustworthy-url.ts'

export interface FcmOptions {
  /** Path of the JSON file that Google gives out for a service account. It must stay readable: every login reads it anew. */
  readonly serviceAccountFile: string
  /** Scheme, host and port of FCM; plain `http:` on this machine only. Without it `https://fcm.googleapis.com`. */
  readonly endpoint?: string
  /** Milliseconds for one send, login included; without it 10,000 (push §7.2). */
  readonly deadlineMs?: number
  /** Connections at most, of 100 requests at once each; without it 4. */
  readonly connections?: number
  /** Certificates to trust beside the usual ones, as PEM. */
  readonly ca?: string
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
}

/** What Google allows on one connection. */
const STREAMS = 100
const PING_AFTER_MS = 30_000
/** After so long without a word, middleboxes begin to forget a connection without telling either side. */
const TRUST_MS = 60_000

/**
 * The way to Android devices by Firebase Cloud Messaging. Nothing is asked of Google until the first notification.
 *
 * @throws ProviderCredentialsError when the service account or the endpoint is unusable
 */
export async function createFcmProvider(options: FcmOptions): Promise<Provider> {
  const { endpoint = 'https://fcm.googleapis.com', deadlineMs = 10_000, connections = 4, now } = options
  const url = trustworthyUrl(endpoint)
  if (url === undefined) throw new ProviderCredentialsError('The endpoint of FCM must be an https address.')
  // A list of our own takes the place of the usual one.
  const trust = options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca].join('\n') }
  const account = await readServiceAccount(options.serviceAccountFile)
  const login = await prepareLogin(account, { deadlineMs, ...trust })
  const deadlines = wheelFor(deadlineMs)
  return new FcmProvider({
    pool: new SessionPool({
      endpoint: url.origin,
      ...trust,
      deadlines,
      deadlineMs,
      sessions: connections,
      streams: STREAMS,
      requestsPerSession: REQUESTS_PER_SESSION,
      waiting: MOST_WAITING,
      pingAfterMs: PING_AFTER_MS,
      trustMs: TRUST_MS,
      now,
    }),
    deadlines,
    tokens: new AccessTokens(login, now),
    projectId: account.projectId,
    deadlineMs,
    now,
  })
}
