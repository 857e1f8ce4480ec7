import type { DeadlineWheel } from '#runtime'
import { ProviderLoginError } from '../errors.ts'
import {
  type Http2Request,
  MOST_WAITING,
  REQUESTS_PER_SESSION,
  SendDeadline,
  SessionPool,
  wheelFor,
} from '../http2/index.ts'
import type { OutgoingNotification, Provider, SendOutcome } from '../provider.ts'
import { type ApnsProviderOptions, OFFICIAL_TOPIC } from './apns-options.ts'
import { outcomeOf, rejectsProviderToken } from './apns-reply.ts'
import { createRequestBuilder } from './apns-request.ts'
import { ProviderToken } from './provider-token.ts'
import { readSigningKey } from './signing-key.ts'

const DEADLINE_MS = 10_000
const SESSIONS = 2
const STREAMS = 1000
const PING_AFTER_MS = 60_000
const TRUST_MS = 120_000

/** APNs with what it holds open, for metrics and tests. */
export interface ApnsProvider extends Provider {
  /** Connections whose socket is not closed yet. */
  readonly sessions: number
  /** Requests that wait for a connection or for room on one. */
  readonly waiting: number
}

/**
 * The way to iOS devices over APNs with token login (push §7.1). No connection is made before the first notification.
 *
 * @throws ProviderCredentialsError when the key cannot be read or is none
 */
export function createApnsProvider(options: ApnsProviderOptions): ApnsProvider {
  const { keyId, teamId, now, deadlineMs = DEADLINE_MS } = options
  const token = new ProviderToken({ key: readSigningKey(options), keyId, teamId, now })
  const build = createRequestBuilder(options.topic ?? OFFICIAL_TOPIC)
  const deadlines = wheelFor(deadlineMs)
  const pool = new SessionPool({
    endpoint: options.endpoint,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    deadlines,
    deadlineMs,
    sessions: options.sessions ?? SESSIONS,
    streams: options.streams ?? STREAMS,
    requestsPerSession: REQUESTS_PER_SESSION,
    waiting: options.waiting ?? MOST_WAITING,
    pingAfterMs: options.pingAfterMs ?? PING_AFTER_MS,
    trustMs: TRUST_MS,
    now,
  })
  return {
    keepsOnlyLast: true,
    get sessions() {
      return pool.sessions
    },
    get waiting() {
      return pool.waiting
    },
    send: (notification) => send(notification, { token, build, pool, deadlines, deadlineMs, now }),
    close: () => pool.close(),
  }
}

interface Parts {
  readonly token: ProviderToken
  readonly build: (notification: OutgoingNotification, providerToken: string, now: number) => Http2Request
  readonly pool: SessionPool
  readonly deadlines: DeadlineWheel
  /** For a send as a whole. */
  readonly deadlineMs: number
  readonly now: () => number
}

async function send(notification: OutgoingNotification, parts: Parts): Promise<SendOutcome> {
  const { token, build, pool, now } = parts
  const deadline = new SendDeadline(parts.deadlines, parts.deadlineMs)
  try {
    const providerToken = await token.get()
    let result = await pool.exchange(build(notification, providerToken, now()), deadline)
    if (!('kind' in result) && rejectsProviderToken(result)) {
      const another = await token.replace(providerToken)
      if (another !== undefined) result = await pool.exchange(build(notification, another, now()), deadline)
    }
    // An answer without the end of its body is an answer too: the status says what matters.
    return 'kind' in result ? result : outcomeOf(result, now())
  } catch (cause) {
    return { kind: 'retry', blame: 'provider', error: new ProviderLoginError('SigningFailed', { cause }) }
  } finally {
    deadline.cancel()
  }
}
