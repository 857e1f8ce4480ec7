import { DeadlineWheel } from '#runtime'
import { ProviderError, ProviderLoginError } from '../errors.ts'
import type { OutgoingNotification, Provider, SendOutcome } from '../provider.ts'
import { type ApnsProviderOptions, OFFICIAL_TOPIC } from './apns-options.ts'
import { outcomeOf, rejectsProviderToken } from './apns-reply.ts'
import { type ApnsRequest, createRequestBuilder } from './apns-request.ts'
import { ProviderToken } from './provider-token.ts'
import { SessionPool } from './session-pool.ts'
import { readSigningKey } from './signing-key.ts'

const DEADLINE_MS = 10_000
const SESSIONS = 2
const STREAMS = 1000
/** Two ids are used up by each, and 2³¹ there are. */
const REQUESTS_PER_SESSION = 1_000_000_000
const WAITING = 4096
const PING_AFTER_MS = 60_000

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
  const pool = new SessionPool({
    endpoint: options.endpoint,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    deadlines: new DeadlineWheel(wheelResolution(deadlineMs)),
    deadlineMs,
    sessions: options.sessions ?? SESSIONS,
    streams: options.streams ?? STREAMS,
    requestsPerSession: REQUESTS_PER_SESSION,
    waiting: options.waiting ?? WAITING,
    pingAfterMs: options.pingAfterMs ?? PING_AFTER_MS,
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
    send: (notification) => send(notification, { token, build, pool, now }),
    close: () => pool.close(),
  }
}

interface Parts {
  readonly token: ProviderToken
  readonly build: (notification: OutgoingNotification, providerToken: string, now: number) => ApnsRequest
  readonly pool: SessionPool
  readonly now: () => number
}

async function send(notification: OutgoingNotification, { token, build, pool, now }: Parts): Promise<SendOutcome> {
  try {
    const providerToken = await token.get()
    let result = await pool.exchange(build(notification, providerToken, now()))
    if (!(result instanceof ProviderError) && rejectsProviderToken(result)) {
      const another = await token.replace(providerToken)
      if (another !== undefined) result = await pool.exchange(build(notification, another, now()))
    }
    if (result instanceof ProviderError) return { kind: 'retry', blame: 'provider', error: result }
    return outcomeOf(result, now())
  } catch (cause) {
    return { kind: 'retry', blame: 'provider', error: new ProviderLoginError('SigningFailed', { cause }) }
  }
}

/** A tenth of the deadline, so that it is late by no more, and no more turns than the wheel's usual one a second. */
function wheelResolution(deadlineMs: number): number {
  return Math.min(1000, Math.max(10, deadlineMs / 10))
}
