import { BusUnavailableError, errorFromCode, PayloadTooLargeError } from '../errors.ts'
import { BusClientProxy } from '../nest/bus-client-proxy.ts'
import type { RequestOptions } from '../transport.ts'
import { withDeadline } from '../with-deadline.ts'
import { ERROR_HEADER, translateNatsError } from './nats-error.ts'
import type { NatsLink } from './nats-link.ts'

export interface NatsClientOptions {
  readonly link: NatsLink
  /** For Nest's `send`, which cannot say; default 5,000. */
  readonly defaultTimeoutMs?: number
}

/** Nest client and `RequestTransport` over NATS: binary payloads, error codes in a header. */
export class NatsClient extends BusClientProxy {
  readonly #link: NatsLink

  constructor(options: NatsClientOptions) {
    super(options.defaultTimeoutMs ?? 5_000)
    this.#link = options.link
  }

  override async requestBytes(subject: string, payload: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    this.#assertFits(subject, payload)
    // The connection would keep the request until it is back, however long that takes.
    if (!this.#link.isReady()) throw new BusUnavailableError('the connection to NATS is down')
    const reply = await withDeadline(subject, options, () => this.#ask(subject, payload, options.timeoutMs))
    const code = reply.headers?.get(ERROR_HEADER)
    if (code) throw errorFromCode(code, subject)
    return reply.data
  }

  override async publishBytes(subject: string, payload: Uint8Array): Promise<void> {
    this.#assertFits(subject, payload)
    try {
      this.#link.connection.publish(subject, payload)
    } catch (error) {
      throw translateNatsError(error, subject)
    }
  }

  async #ask(subject: string, payload: Uint8Array, timeout: number): ReturnType<NatsLink['connection']['request']> {
    try {
      return await this.#link.connection.request(subject, payload, { timeout })
    } catch (error) {
      throw translateNatsError(error, subject)
    }
  }

  #assertFits(subject: string, payload: Uint8Array): void {
    if (payload.length > this.#link.maxPayload) throw new PayloadTooLargeError(`the message on ${subject} is too large`)
  }
}
