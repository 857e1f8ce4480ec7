import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices'
import { isObservable, lastValueFrom } from 'rxjs'
import type { EventDefinition, RequestDefinition } from '../contract/definition.ts'
import type { Delivery, DurableEvents, DurableSubscription, SubscribeOptions } from '../durable/durable-events.ts'
import { BadContractError, codeOf, PayloadTooLargeError } from '../errors.ts'
import { InFlight } from '../in-flight.ts'
import type { BusObserver } from '../observer.ts'
import type { Reply, ValueReply } from '../transport.ts'
import { BusContext } from './bus-context.ts'

export type AnyDefinition = RequestDefinition<unknown, unknown> | EventDefinition<unknown>
type Handler = MessageHandler<unknown, BusContext, unknown>

export interface BusServerOptions {
  /** Name of the service: replicas with the same name share its requests. Lower-case letters and hyphens. */
  readonly service: string
  /** Requests that may be in flight in this process; one more is answered `BUS_BUSY` at once. */
  readonly maxInFlight: number
  /** Where durable events come from; needed when a controller handles one. */
  readonly events?: DurableEvents
  /** How durable events are delivered to this service. */
  readonly delivery?: Omit<SubscribeOptions<unknown>, 'handler' | 'durable'>
  /** Contracts of handlers declared with plain `@MessagePattern`/`@EventPattern`; `@OnRequest`/`@OnEvent` bring their own. */
  readonly contracts?: readonly AnyDefinition[]
  readonly observer?: BusObserver
}

const SERVICE = /^[a-z]+(-[a-z]+)*$/

/**
 * The part of a Nest transport strategy that is the same for every transport: handlers are matched with their contracts, messages
 * are decoded at the door, work in flight is bounded, errors become codes, and `close` waits for what has begun.
 */
export abstract class BusServer extends Server implements CustomTransportStrategy {
  override transportId = Symbol('sotto bus')
  readonly service: string
  protected readonly inFlight: InFlight
  readonly #options: BusServerOptions
  #subscriptions: DurableSubscription[] = []

  protected constructor(options: BusServerOptions) {
    super()
    if (!SERVICE.test(options.service)) throw new BadContractError('a service name is lower-case letters and hyphens')
    this.service = options.service
    this.inFlight = new InFlight(options.maxInFlight)
    this.#options = options
  }

  /** Longest reply in bytes that the transport carries. */
  protected abstract readonly maxReply: number
  /** Starts to receive messages for the declared subjects. */
  protected abstract bind(definitions: readonly AnyDefinition[]): Promise<void>
  /** Takes no more messages; those taken already are still answered. */
  protected abstract unbind(): Promise<void>
  /** Runs after everything in flight has ended. */
  protected async finish(): Promise<void> {}

  /** Nest calls this once; `callback` gets the error when a handler has no contract or the transport fails. */
  listen(callback: (error?: unknown) => void): void {
    this.#start().then(
      () => callback(),
      (error: unknown) => callback(error),
    )
  }

  /** Drains: no new messages, what is in flight is finished and answered. */
  async close(): Promise<void> {
    await Promise.all([this.unbind(), ...this.#subscriptions.map((subscription) => subscription.close())])
    await this.inFlight.whenIdle()
    await this.finish()
  }

  /** Bus servers have no events of their own: connection states belong to the connection. */
  on(): never {
    throw new BadContractError('a bus server has no events')
  }

  unwrap<T>(): T {
    throw new BadContractError('a bus server wraps nothing: use the connection it was made with')
  }

  async #start(): Promise<void> {
    const definitions = [...this.messageHandlers.entries()].map(([subject, handler]) =>
      this.#contract(subject, handler),
    )
    const durable = definitions.filter((definition) => definition.kind === 'event' && definition.delivery === 'durable')
    await this.bind(definitions.filter((definition) => !durable.includes(definition)))
    for (const event of durable) if (event.kind === 'event') this.#subscriptions.push(await this.#subscribe(event))
  }

  #contract(subject: string, handler: MessageHandler): AnyDefinition {
    const extras = handler.extras as { definition?: AnyDefinition } | undefined
    const listed = this.#options.contracts?.find((contract) => contract.subject === subject)
    const definition = extras?.definition ?? listed
    if (definition === undefined) {
      throw new BadContractError(`the handler of ${subject} has no contract: use @OnRequest or @OnEvent`)
    }
    if ((definition.kind === 'event') !== (handler.isEventHandler === true)) {
      throw new BadContractError(`the handler of ${subject} and its contract are not of one kind`)
    }
    return definition
  }

  #subscribe(event: EventDefinition<unknown>): Promise<DurableSubscription> {
    const { events, delivery } = this.#options
    if (events === undefined || delivery === undefined) {
      throw new BadContractError(`${event.subject} is durable: the server needs events and delivery`)
    }
    const handler = async (value: unknown, details: Delivery): Promise<void> => {
      await this.#invoke(event.subject, value, details)
    }
    return events.subscribe(event, { ...delivery, durable: this.service, handler })
  }

  /** Answers one request. Never rejects. */
  protected async answer(definition: RequestDefinition<unknown, unknown>, payload: Uint8Array): Promise<Reply> {
    return this.#handle(definition, async () => {
      const result = await this.#invoke(definition.subject, definition.request.decode(payload), undefined)
      const reply = definition.reply.encode(result)
      if (reply.length > this.maxReply) {
        throw new PayloadTooLargeError(`the reply of ${definition.subject} is too large`)
      }
      return { payload: reply }
    })
  }

  /** Answers one request that comes as a value, with a value. Never rejects. */
  protected async answerValue(definition: RequestDefinition<unknown, unknown>, value: unknown): Promise<ValueReply> {
    return this.#handle(definition, async () => ({ value: await this.#invoke(definition.subject, value, undefined) }))
  }

  async #handle<Result extends object>(
    { subject }: RequestDefinition<unknown, unknown>,
    work: () => Promise<Result>,
  ): Promise<Result | { readonly code: string }> {
    const { observer } = this.#options
    if (this.inFlight.free <= 0) {
      observer?.requestHandled?.(subject, 'BUS_BUSY', 0)
      return { code: 'BUS_BUSY' }
    }
    const start = observer?.now() ?? 0
    const reply = await this.inFlight.run(() => this.#answered(subject, work))
    observer?.requestHandled?.(subject, 'code' in reply ? String(reply.code) : 'ok', observer.now() - start)
    return reply
  }

  async #answered<Result>(subject: string, work: () => Promise<Result>): Promise<Result | { readonly code: string }> {
    try {
      return await work()
    } catch (error) {
      this.#options.observer?.failed?.(subject, error)
      return { code: codeOf(error) }
    }
  }

  /** Hands one at-most-once event to its handler. Never rejects; an event that finds no free place is dropped. */
  protected async accept(event: EventDefinition<unknown>, payload: Uint8Array): Promise<void> {
    if (this.inFlight.free <= 0) return
    await this.inFlight.run(async () => {
      try {
        await this.#invoke(event.subject, event.codec.decode(payload), undefined)
      } catch (error) {
        this.#options.observer?.failed?.(event.subject, error)
      }
    })
  }

  #invoke(subject: string, value: unknown, delivery: Delivery | undefined): Promise<unknown> {
    const handler = this.messageHandlers.get(subject) as Handler | undefined
    if (handler === undefined) return Promise.reject(new BadContractError(`${subject} has no handler`))
    const context = new BusContext([subject, delivery])
    return new Promise((resolve, reject) => {
      this.onProcessingStartHook(this.transportId, context, async () => {
        try {
          const result = await handler(value, context)
          resolve(isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result)
        } catch (error) {
          reject(
            error instanceof Error
              ? error
              : new Error('a handler failed with something that is no error', { cause: error }),
          )
        } finally {
          this.onProcessingEndHook?.(this.transportId, context)
        }
      })
    })
  }
}
