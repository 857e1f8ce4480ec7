import { rootCertificates } from 'node:tls'
import { ProviderCredentialsError } from '../errors.ts'
import type { Provider } from '../provider.ts'
import { AccessTokens } from './access-tokens.ts'
import { FcmProvider } from './fcm-provider.ts'
import { prepareLogin } from './google-login.ts'
import { Http2Client } from './http2-client.ts'
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
  return new FcmProvider({
    client: new Http2Client({ origin: url.origin, connections, now, ...trust }),
    tokens: new AccessTokens(login, now),
    projectId: account.projectId,
    deadlineMs,
    now,
  })
}
