import type { DeadlineWheel } from '#runtime'
import { ProviderError, ProviderRefusedError, ProviderUnreachableError } from '../errors.ts'
import { type NoReply, type ReceivedReply, SendDeadline, type SessionPool } from '../http2/index.ts'
import type { OutgoingNotification, Provider, SendOutcome } from '../provider.ts'
import type { AccessTokens } from './access-tokens.ts'
import { buildMessage } from './message.ts'
import { outcomeOf } from './outcome.ts'

export interface FcmParts {
  readonly pool: SessionPool
  readonly tokens: AccessTokens
  readonly projectId: string
  readonly deadlines: DeadlineWheel
  /** For a send as a whole, login included. */
  readonly deadlineMs: number
  readonly now: () => number
}

/** Firebase Cloud Messaging, HTTP v1 over HTTP/2: one request for each notification (push §7.2). */
export class FcmProvider implements Provider {
  /** Without a collapse key FCM keeps up to a hundred messages for a device that is away. */
  readonly keepsOnlyLast = false
  readonly #parts: FcmParts
  readonly #path: string

  constructor(parts: FcmParts) {
    this.#parts = parts
    this.#path = `/v1/projects/${parts.projectId}/messages:send`
  }

  async send(notification: OutgoingNotification): Promise<SendOutcome> {
    const body = buildMessage(notification)
    if (body === undefined) return { kind: 'refused', error: new ProviderRefusedError(413, 'TOO_LARGE') }
    const deadline = new SendDeadline(this.#parts.deadlines, this.#parts.deadlineMs)
    try {
      const result = await this.#request(body, deadline)
      if ('kind' in result) return result
      if (result.isComplete) return outcomeOf(result, this.#parts.now())
      return { kind: 'retry', blame: 'provider', error: new ProviderUnreachableError() }
    } catch (cause) {
      const error = cause instanceof ProviderError ? cause : new ProviderUnreachableError({ cause })
      return { kind: 'retry', blame: 'provider', error }
    } finally {
      deadline.cancel()
    }
  }

  close(): Promise<void> {
    return this.#parts.pool.abort()
  }

  /** A refused access token is renewed once; a second refusal is the answer. */
  async #request(body: string, deadline: SendDeadline): Promise<ReceivedReply | NoReply> {
    const { tokens } = this.#parts
    const token = tokens.current() ?? (await deadline.bound(tokens.renewed()))
    const result = await this.#post(token, body, deadline)
    if ('kind' in result || !result.isComplete || result.status !== 401) return result
    tokens.refuse(token)
    return this.#post(tokens.current() ?? (await deadline.bound(tokens.renewed())), body, deadline)
  }

  #post(token: string, body: string, deadline: SendDeadline): Promise<ReceivedReply | NoReply> {
    const headers = {
      ':method': 'POST',
      ':path': this.#path,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json; charset=UTF-8',
    }
    return this.#parts.pool.exchange({ headers, body }, deadline)
  }
}
