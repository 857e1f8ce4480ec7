import { headers, type Msg, type Subscription } from '@nats-io/transport-node'
import type { RequestDefinition } from '../contract/definition.ts'
import { BusServer, type AnyDefinition, type BusServerOptions } from '../nest/bus-server.ts'
import { ERROR_HEADER } from './nats-error.ts'
import type { NatsLink } from './nats-link.ts'

export interface NatsServerOptions extends BusServerOptions {
  readonly link: NatsLink
  /** How long `close` waits for the server to confirm the drain; default 5,000. */
  readonly drainTimeoutMs?: number
}

/**
 * Nest transport strategy over NATS. What Nest's own does not do: every replica joins the queue group of its service, payloads are
 * bytes and not JSON, work in flight is bounded, and `close` drains.
 */
export class NatsServer extends BusServer {
  readonly #link: NatsLink
  readonly #drainTimeoutMs: number
  readonly #observer: BusServerOptions['observer']
  #subscriptions: Subscription[] = []

  constructor(options: NatsServerOptions) {
    super(options)
    this.#link = options.link
    this.#drainTimeoutMs = options.drainTimeoutMs ?? 5_000
    this.#observer = options.observer
  }

  protected override get maxReply(): number {
    return this.#link.maxPayload
  }

  protected override async bind(definitions: readonly AnyDefinition[]): Promise<void> {
    this.#subscriptions = definitions.map((definition) =>
      this.#link.connection.subscribe(definition.subject, {
        ...(goesToEveryReplica(definition) ? {} : { queue: this.service }),
        callback: (error, message) => {
          if (error) this.#observer?.failed?.(definition.subject, error)
          else if (definition.kind === 'request') void this.#respond(definition, message)
          else void this.accept(definition, message.data)
        },
      }),
    )
    // Whoever is told that the server listens can rely on it: the broker knows the subscriptions.
    await this.#link.connection.flush()
  }

  protected override async unbind(): Promise<void> {
    if (this.#link.isReady()) await this.#confirmed(Promise.all(this.#subscriptions.map((one) => one.drain())))
    this.#subscriptions = []
  }

  protected override async finish(): Promise<void> {
    if (this.#link.isReady()) await this.#confirmed(this.#link.connection.flush())
  }

  async #respond(definition: RequestDefinition<unknown, unknown>, message: Msg): Promise<void> {
    const reply = await this.answer(definition, message.data)
    try {
      if ('payload' in reply) message.respond(reply.payload)
      else message.respond(undefined, { headers: errorHeader(reply.code) })
    } catch (error) {
      // The connection was closed under the handler; the requester runs into its deadline.
      this.#observer?.failed?.(definition.subject, error)
    }
  }

  /** Waits for the server's word, but not for ever: it may go away in the middle. */
  async #confirmed(work: Promise<unknown>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, this.#drainTimeoutMs)
    const settled = work.then(
      () => undefined,
      (error: unknown) => this.#observer?.failed?.(this.service, error),
    )
    await Promise.race([settled, promise])
    clearTimeout(timer)
  }
}

function goesToEveryReplica(definition: AnyDefinition): boolean {
  return definition.kind === 'event' && definition.audience === 'every-replica'
}

function errorHeader(code: string): ReturnType<typeof headers> {
  const result = headers()
  result.set(ERROR_HEADER, code)
  return result
}
