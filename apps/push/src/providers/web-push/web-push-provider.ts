import {
  DestinationRefusedError,
  DestinationTimeoutError,
  DestinationUnreachableError,
  type OutgoingGuard,
  type OutgoingReply,
} from '#runtime'
import { ProviderCredentialsError, ProviderTimeoutError, ProviderUnreachableError } from '../errors.ts'
import type { OutgoingNotification, Provider, SendOutcome } from '../provider.ts'
import { encryptForEndpoint } from './encrypt.ts'
import { EndpointUnusableError, WebPushTooLongError } from './errors.ts'
import { OriginPlaces, type OriginPlacesOptions } from './origin-places.ts'
import { outcomeOf } from './outcome.ts'
import { VapidHeaders, type VapidOptions } from './vapid-headers.ts'

/** Four weeks: push services keep nothing longer. */
const MAX_TTL_SECONDS = 2_419_200
/** Status pages of proxies fit; nothing in an answer but its status and headers is of use. */
const MAX_REPLY_BYTES = 16_384
/** What takes longer speaks against its host. */
const PROMPT_MS = 2_000
/** Until a host that has too many requests in flight is tried again. */
const BUSY_DELAY_MS = 1_000

export interface WebPushProviderOptions {
  readonly vapid: VapidOptions
  /** Belongs to the provider from then on: closed with it. Its `connectionsPerHost` bounds how many requests of one host really run at once. */
  readonly guard: OutgoingGuard
  /** For one notification, from resolving the host's name to the last byte of the answer. */
  readonly deadlineMs: number
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  readonly places?: OriginPlacesOptions
}

/**
 * Web Push (RFC 8030, 8291, 8292), by which browsers and the distributors of UnifiedPush are reached.
 *
 * @throws ProviderCredentialsError when the VAPID keys or the subject are unusable
 */
export function createWebPushProvider(options: WebPushProviderOptions): Provider {
  return new WebPushProvider(options)
}

class WebPushProvider implements Provider {
  /** Without a `Topic` push services keep every message for a device that is away. */
  readonly keepsOnlyLast = false
  readonly #places: OriginPlaces
  readonly #vapid: VapidHeaders

  constructor(private readonly options: WebPushProviderOptions) {
    this.#places = new OriginPlaces(options.places)
    this.#vapid = new VapidHeaders(options.vapid)
    try {
      this.#vapid.headerFor('https://push.example', options.now())
    } catch (error) {
      throw new ProviderCredentialsError(
        'The VAPID subject must be a mailto: or https: URL, and the VAPID keys a pair of the curve P-256.',
        { cause: error },
      )
    }
  }

  async send(notification: OutgoingNotification): Promise<SendOutcome> {
    const endpoint = URL.parse(notification.token)
    if (endpoint === null || !/^https?:$/.test(endpoint.protocol)) return refused(new EndpointUnusableError())
    const leave = this.#places.tryEnter(endpoint.origin)
    if (leave === undefined) return { kind: 'busy', afterMs: BUSY_DELAY_MS }
    const begin = this.options.now()
    let isAnswered = false
    try {
      const { status, headers } = await this.#post(endpoint, notification, begin)
      isAnswered = true
      return outcomeOf(status, singleHeader(headers['retry-after']), this.options.now())
    } catch (error) {
      return outcomeOfFailure(error)
    } finally {
      const isSoon = this.options.now() - begin <= PROMPT_MS
      if (isAnswered) leave(isSoon ? 'prompt' : 'late')
      else leave(isSoon ? 'unknown' : 'hung')
    }
  }

  close(): Promise<void> {
    return this.options.guard.close()
  }

  async #post(endpoint: URL, notification: OutgoingNotification, now: number): Promise<OutgoingReply> {
    const seconds = Math.floor((notification.expiresAt - now) / 1000)
    return this.options.guard.request(endpoint, {
      method: 'POST',
      headers: {
        authorization: this.#vapid.headerFor(endpoint.origin, now),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(Math.min(Math.max(seconds, 0), MAX_TTL_SECONDS)),
        urgency: notification.isUrgent ? 'high' : 'normal',
      },
      body: encryptForEndpoint(notification.payload, notification.serviceData),
      deadlineMs: this.options.deadlineMs,
      maxReplyBytes: MAX_REPLY_BYTES,
    })
  }
}

/**
 * An endpoint that cannot be used is given up, not called dead: dead tokens go for every account, and anybody may register the endpoint of somebody else with
 * keys that fit nothing. One that the guard refuses may be allowed tomorrow.
 */
function outcomeOfFailure(error: unknown): SendOutcome {
  if (
    error instanceof EndpointUnusableError ||
    error instanceof WebPushTooLongError ||
    error instanceof DestinationRefusedError
  ) {
    return refused(error)
  }
  if (error instanceof DestinationTimeoutError) return retry(new ProviderTimeoutError({ cause: error }))
  if (error instanceof DestinationUnreachableError) return retry(new ProviderUnreachableError({ cause: error }))
  return retry(error instanceof Error ? error : new Error('sending failed', { cause: error }))
}

function refused(error: Error): SendOutcome {
  return { kind: 'refused', error }
}

function retry(error: Error): Extract<SendOutcome, { kind: 'retry' }> {
  return { kind: 'retry', blame: 'notification', error }
}

function singleHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
