import { DeadlineWheel } from '#runtime'
import { ProviderError, ProviderRefusedError, ProviderUnreachableError } from '../errors.ts'
import type { OutgoingNotification, Provider, SendOutcome } from '../provider.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Http2Client } from './http2-client.ts'
import type { Http2Reply } from './http2-connection.ts'
import { buildMessage } from './message.ts'
import { outcomeOf } from './outcome.ts'
import { SendDeadline } from './send-deadline.ts'

export interface FcmParts {
  readonly client: Http2Client
  readonly tokens: AccessTokens
  readonly projectId: string
  /** For a send as a whole, login included. */
  readonly deadlineMs: number
  readonly now: () => number
}

/** Firebase Cloud Messaging, HTTP v1 over HTTP/2: one request for each notification (push §7.2). */
export class FcmProvider implements Provider {
  /** Without a collapse key FCM keeps up to a hundred messages for a device that is away. */
  readonly keepsOnlyLast = false
  readonly #parts: FcmParts
  readonly #wheel: DeadlineWheel
  readonly #path: string

  constructor(parts: FcmParts) {
    this.#parts = parts
    // Fine enough that a deadline is late by a twentieth at most.
    this.#wheel = new DeadlineWheel(Math.max(10, Math.ceil(parts.deadlineMs / 40)))
    this.#path = `/v1/projects/${parts.projectId}/messages:send`
  }

  async send(notification: OutgoingNotification): Promise<SendOutcome> {
    const body = buildMessage(notification)
    if (body === undefined) return { kind: 'refused', error: new ProviderRefusedError(413, 'TOO_LARGE') }
    const deadline = new SendDeadline(this.#wheel, this.#parts.deadlineMs)
    try {
      return outcomeOf(await this.#request(body, deadline), this.#parts.now())
    } catch (cause) {
      const error = cause instanceof ProviderError ? cause : new ProviderUnreachableError({ cause })
      return { kind: 'retry', blame: 'provider', error }
    } finally {
      deadline.cancel()
    }
  }

  async close(): Promise<void> {
    this.#parts.client.close()
  }

  /** A refused access token is renewed once; a second refusal is the answer. */
  async #request(body: string, deadline: SendDeadline): Promise<Http2Reply> {
    const { tokens } = this.#parts
    const token = tokens.current() ?? (await deadline.bound(tokens.renewed()))
    const reply = await this.#post(token, body, deadline)
    if (reply.status !== 401) return reply
    tokens.refuse(token)
    return this.#post(tokens.current() ?? (await deadline.bound(tokens.renewed())), body, deadline)
  }

  #post(token: string, body: string, deadline: SendDeadline): Promise<Http2Reply> {
    const headers = {
      ':method': 'POST',
      ':path': this.#path,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json; charset=UTF-8',
    }
    return this.#parts.client.request(headers, body, deadline)
  }
}
