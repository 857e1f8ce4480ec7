import { errorFromCode } from '../errors.ts'
import { BusClientProxy } from '../nest/bus-client-proxy.ts'
import type { RequestOptions } from '../transport.ts'
import { type Deadlines, withDeadline } from '../with-deadline.ts'
import type { InProcessBus } from './in-process-bus.ts'

export interface InProcessClientOptions {
  readonly bus: InProcessBus
  /** For Nest's `send`, which cannot say; default 5,000. */
  readonly defaultTimeoutMs?: number
  /** How requests end that take too long; a timer for each unless given. */
  readonly deadlines?: Deadlines
}

/** Nest client and `RequestTransport` for services that live in one process. */
export class InProcessClient extends BusClientProxy {
  readonly #bus: InProcessBus
  readonly #deadlines: Deadlines | undefined

  constructor(options: InProcessClientOptions) {
    super(options.defaultTimeoutMs ?? 5_000)
    this.#bus = options.bus
    this.#deadlines = options.deadlines
  }

  override async requestBytes(subject: string, payload: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    const reply = await withDeadline(subject, options, () => this.#bus.ask(subject, payload), this.#deadlines)
    if ('code' in reply) throw errorFromCode(reply.code, subject)
    return reply.payload
  }

  /** As `requestBytes`, without bytes: the server gets `value` itself. */
  async requestValue(subject: string, value: unknown, options: RequestOptions): Promise<unknown> {
    const reply = await withDeadline(subject, options, () => this.#bus.askValue(subject, value), this.#deadlines)
    if ('code' in reply) throw errorFromCode(reply.code, subject)
    return reply.value
  }

  override publishBytes(subject: string, payload: Uint8Array): Promise<void> {
    return this.#bus.tell(subject, payload)
  }
}
