import { assertPartition, type EventDefinition, isShareable, type RequestDefinition } from './contract/definition.ts'
import type { DurableEvents, PublishOptions } from './durable/durable-events.ts'
import { BadContractError, codeOf } from './errors.ts'
import type { BusObserver } from './observer.ts'
import type { RequestOptions, RequestTransport } from './transport.ts'

export interface BusClientOptions {
  readonly transport: RequestTransport
  /** Needed to publish durable events. */
  readonly events?: DurableEvents
  readonly observer?: BusObserver
}

/** The caller's side of the contracts, the same over every transport. */
export class BusClient {
  readonly #options: BusClientOptions

  constructor(options: BusClientOptions) {
    this.#options = options
  }

  /** Asks and resolves with the decoded reply. Rejects as `RequestTransport.requestBytes`, or with `BadMessageError`. */
  async request<Request, Reply>(
    definition: RequestDefinition<Request, Reply>,
    value: Request,
    options: RequestOptions,
  ): Promise<Reply> {
    const { transport } = this.#options
    return this.#observed(definition.subject, 'requestSent', async () => {
      if (transport.requestValue !== undefined && isShareable(definition)) {
        // The server has the same definition, and what its handler returns is of its type.
        return (await transport.requestValue(definition.subject, value, options)) as Reply
      }
      const payload = definition.request.encode(value)
      const reply = await transport.requestBytes(definition.subject, payload, options)
      return definition.reply.decode(reply)
    })
  }

  /** Publishes an event: a durable one is stored when this resolves, another one is merely sent. */
  async publish<Value>(event: EventDefinition<Value>, value: Value, options?: PublishOptions): Promise<void> {
    return this.#observed(event.subject, 'eventPublished', async () => {
      assertPartition(event, options?.partition)
      if (event.delivery === 'at-most-once') {
        return this.#options.transport.publishBytes(event.subject, event.codec.encode(value))
      }
      const { events } = this.#options
      if (events === undefined || options === undefined) {
        throw new BadContractError(`${event.subject} is durable: it needs an event store and a deduplication id`)
      }
      return events.publish(event, value, options)
    })
  }

  async #observed<Result>(
    subject: string,
    what: 'requestSent' | 'eventPublished',
    work: () => Promise<Result>,
  ): Promise<Result> {
    const { observer } = this.#options
    if (observer === undefined) return work()
    const start = observer.now()
    try {
      const result = await work()
      observer[what]?.(subject, 'ok', observer.now() - start)
      return result
    } catch (error) {
      observer[what]?.(subject, codeOf(error), observer.now() - start)
      throw error
    }
  }
}
