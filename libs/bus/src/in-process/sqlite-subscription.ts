import type { EventDefinition } from '../contract/definition.ts'
import { deliver, type DeliverTools, type Verdict } from '../durable/deliver.ts'
import type { SubscribeOptions } from '../durable/durable-events.ts'
import { InFlight } from '../in-flight.ts'
import type { EventTable, StoredEvent } from './event-table.ts'

export interface SubscriptionStore {
  readonly table: EventTable
  /** Wall clock in milliseconds. */
  readonly now: () => number
  commit<Result>(work: () => Result): Promise<Result>
  /** With the commit that comes next: for what may be done again if the process dies before. */
  commitWithNext<Result>(work: () => Result): Promise<Result>
}

// A timer cannot wait longer than 2^31 - 1 ms; it is set again when it fires early.
const LONGEST_WAIT_MS = 3_600_000
const RETRY_AFTER_FAILURE_MS = 1_000

/** Delivers the due events of one subject to one handler, at most `maxInFlight` at once. */
export class SqliteSubscription<Value = unknown> {
  readonly #event: EventDefinition<Value>
  readonly #options: SubscribeOptions<Value>
  readonly #store: SubscriptionStore
  readonly #tools: DeliverTools
  readonly #inFlight: InFlight
  #timer: NodeJS.Timeout | undefined
  #pumping: Promise<void> = Promise.resolve()
  #isPumping = false
  #again = false
  #closed = false

  constructor(
    event: EventDefinition<Value>,
    options: SubscribeOptions<Value>,
    store: SubscriptionStore,
    tools: DeliverTools,
  ) {
    this.#event = event
    this.#options = options
    this.#store = store
    this.#tools = tools
    this.#inFlight = new InFlight(options.maxInFlight)
  }

  get subject(): string {
    return this.#event.subject
  }

  /** Looks for due events; called when there may be some. */
  wake(): void {
    this.#again = true
    if (this.#isPumping || this.#closed) return
    this.#isPumping = true
    this.#pumping = this.#pump()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#pumping
    await this.#inFlight.whenIdle()
  }

  async #pump(): Promise<void> {
    try {
      while (this.#again && !this.#closed && this.#inFlight.free > 0) {
        this.#again = false
        await this.#takeDue()
      }
    } catch (error) {
      this.#tools.observer?.failed?.(this.subject, error)
      this.#wakeIn(RETRY_AFTER_FAILURE_MS)
    } finally {
      this.#isPumping = false
    }
  }

  async #takeDue(): Promise<void> {
    const limit = this.#inFlight.free
    const { events, nextDue } = await this.#store.commit(() => {
      const now = this.#store.now()
      const events = this.#store.table.take(this.subject, limit, now, now + this.#options.ackWaitMs)
      return { events, nextDue: this.#store.table.nextDue(this.subject) }
    })
    for (const event of events) void this.#inFlight.run(() => this.#handle(event)).finally(() => this.wake())
    if (nextDue !== undefined) this.#wakeIn(nextDue - this.#store.now())
  }

  #wakeIn(delayMs: number): void {
    clearTimeout(this.#timer)
    if (this.#closed) return
    this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(delayMs, 1), LONGEST_WAIT_MS)).unref()
  }

  async #handle(event: StoredEvent): Promise<void> {
    const delivery = {
      attempt: event.deliveries + 1,
      partition: event.partition ?? undefined,
      inProgress: () => {
        void this.#write(() => this.#store.table.postpone(event.id, this.#store.now() + this.#options.ackWaitMs))
      },
    }
    const verdict = await deliver(this.#event, this.#options, event.payload, delivery, this.#tools)
    await this.#write(() => this.#settle(event.id, verdict))
  }

  #settle(id: number, verdict: Verdict): void {
    if (verdict.kind === 'ack') this.#store.table.remove(id)
    else if (verdict.kind === 'dead') this.#store.table.bury(id)
    else this.#store.table.postpone(id, this.#store.now() + verdict.delayMs)
  }

  /** A verdict that cannot be written is not lost work: the event is due again after its acknowledgement time. */
  async #write(work: () => void): Promise<void> {
    try {
      await this.#store.commitWithNext(work)
    } catch (error) {
      this.#tools.observer?.failed?.(this.subject, error)
    }
  }
}
