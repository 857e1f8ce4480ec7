import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, ConsumerMessages, JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream'
import type { EventDefinition } from '../contract/definition.ts'
import { deliver, retryDelay, type DeliverTools, type Verdict } from '../durable/deliver.ts'
import type { SubscribeOptions } from '../durable/durable-events.ts'
import { InFlight } from '../in-flight.ts'
import { deadSubject, ensureConsumer } from './event-streams.ts'

export interface JetStreamAccess {
  readonly client: JetStreamClient
  readonly manager: () => Promise<JetStreamManager>
  /** Makes the streams of the event when they are missing. */
  readonly ensure: () => Promise<void>
  readonly tools: DeliverTools
}

const PULL_EXPIRES_MS = 30_000
// Two missed heartbeats show that the consumer or its stream is gone.
const HEARTBEAT_MS = 1_000
const RESTART_DELAYS = { firstMs: 200, maxMs: 10_000 }

/** Pulls events of one durable consumer and hands them to one handler, at most `maxInFlight` at once. */
export class JetStreamSubscription<Value> {
  readonly #event: EventDefinition<Value>
  readonly #options: SubscribeOptions<Value>
  readonly #access: JetStreamAccess
  readonly #inFlight: InFlight
  readonly #closing = new AbortController()
  #messages: ConsumerMessages | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(event: EventDefinition<Value>, options: SubscribeOptions<Value>, access: JetStreamAccess) {
    this.#event = event
    this.#options = options
    this.#access = access
    this.#inFlight = new InFlight(options.maxInFlight)
  }

  /** Makes what is missing on the server and starts to pull; rejects when that fails the first time. */
  async start(): Promise<void> {
    this.#running = this.#run(await this.#consumer())
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#messages?.close()
    await this.#running
    await this.#inFlight.whenIdle()
  }

  async #consumer(): Promise<Consumer> {
    await this.#access.ensure()
    return ensureConsumer(this.#access.client, await this.#access.manager(), this.#event, this.#options)
  }

  /** Pulls until closed; when the consumer or its stream is deleted, makes it again and goes on. */
  async #run(first: Consumer): Promise<void> {
    let consumer: Consumer | undefined = first
    for (let failures = 0; !this.#closing.signal.aborted;) {
      try {
        consumer ??= await this.#consumer()
        failures = 0
        await this.#pull(consumer)
      } catch (error) {
        failures += 1
        this.#access.tools.observer?.failed?.(this.#event.subject, error)
      }
      consumer = undefined
      await this.#pause(retryDelay(Math.max(failures, 1), RESTART_DELAYS, this.#access.tools.random))
    }
  }

  async #pause(delayMs: number): Promise<void> {
    if (this.#closing.signal.aborted) return
    await sleep(delayMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
  }

  async #pull(consumer: Consumer): Promise<void> {
    const messages = await consumer.consume({
      max_messages: this.#options.maxInFlight,
      expires: PULL_EXPIRES_MS,
      idle_heartbeat: HEARTBEAT_MS,
      abort_on_missing_resource: true,
    })
    this.#messages = messages
    if (this.#closing.signal.aborted) messages.stop()
    for await (const message of messages) {
      if (this.#closing.signal.aborted) {
        // Pulled but not begun: another replica can have it at once.
        message.nak()
        continue
      }
      void this.#inFlight.run(() => this.#handle(message))
      await this.#inFlight.whenFree()
    }
  }

  async #handle(message: JsMsg): Promise<void> {
    const delivery = {
      attempt: message.info.deliveryCount,
      partition: this.#event.partitions > 0 ? Number(message.subject.slice(this.#event.subject.length + 1)) : undefined,
      inProgress: () => message.working(),
    }
    const verdict = await deliver(this.#event, this.#options, message.data, delivery, this.#access.tools)
    try {
      await this.#settle(message, verdict)
    } catch (error) {
      // Without an acknowledgement the event comes again.
      this.#access.tools.observer?.failed?.(this.#event.subject, error)
    }
  }

  async #settle(message: JsMsg, verdict: Verdict): Promise<void> {
    if (verdict.kind === 'ack') return message.ack()
    if (verdict.kind === 'retry') return message.nak(verdict.delayMs)
    // The sequence makes a dead letter that is written twice one.
    await this.#access.client.publish(deadSubject(this.#event), message.data, {
      msgID: `${message.info.timestampNanos}-${message.seq}`,
    })
    message.term()
  }
}
