import type { Mailboxes, OutboxEntry } from '#stores'

/** Publishes one event; resolves when it is durable there, also when it was published before. */
export type PublishEvent = (entry: OutboxEntry) => Promise<void>

export interface OutboxRelayOptions {
  readonly mailboxes: Pick<Mailboxes, 'outbox' | 'removeFromOutbox'>
  readonly publish: PublishEvent
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Publications under way at once. */
  readonly maxInFlight: number
  /** How long events are gathered, so that many become durable with one commit; a notification is on its way for longer. */
  readonly gatherMs: number
  /** Time between two looks for events that were left behind. */
  readonly sweepMs: number
  /** Age from which an event counts as left behind, by a process that died or because the bus was away. */
  readonly staleMs: number
  readonly observer: OutboxObserver
}

export interface OutboxObserver {
  published(count: number): void
  failed(error: unknown): void
}

/** Entries that one sweep reads at once. */
const SWEEP_PAGE = 500

/**
 * Carries events from the outbox to the bus. Whoever has stored a message offers its event at once; what cannot be taken then, or is
 * not published, stays in the outbox, where a sweep of any replica finds it. An event can so be published twice, with the same
 * deduplication id, and never not at all: an entry leaves the outbox only after its event is durable elsewhere.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions
  readonly #underway = new Map<string, Promise<void>>()
  #offered: OutboxEntry[] = []
  #offering: NodeJS.Timeout | undefined
  #published: string[] = []
  #removing: Promise<void> | undefined
  #sweeping: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(options: OutboxRelayOptions) {
    this.#options = options
  }

  /** Begins with everything that an earlier process has left. */
  start(): void {
    this.#schedule(0)
  }

  /** Publishes an event that was just written to the outbox, unless there is too much under way. Never throws. */
  offer(entry: OutboxEntry): void {
    const { maxInFlight, gatherMs } = this.#options
    if (this.#isStopped || this.#underway.size + this.#offered.length >= maxInFlight) return
    this.#offered.push(entry)
    this.#offering ??= setTimeout(() => this.#carryOffered(), gatherMs)
  }

  /** Takes no more, finishes what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#carryOffered()
    await this.#sweeping
    await Promise.all(this.#underway.values())
    await this.#removing
  }

  /** Publishes what was left behind, until nothing is or the bus fails. */
  async sweep(): Promise<void> {
    const { mailboxes, now, staleMs } = this.#options
    for (;;) {
      const entries = await mailboxes.outbox(now() - staleMs, SWEEP_PAGE)
      const fresh = entries.filter(({ id }) => !this.#underway.has(id))
      const results = await Promise.all(fresh.map((entry) => this.#carry(entry)))
      await this.#removing
      if (entries.length < SWEEP_PAGE || results.length === 0 || results.includes(false) || this.#isStopped) return
    }
  }

  #carryOffered(): void {
    clearTimeout(this.#offering)
    this.#offering = undefined
    const entries = this.#offered
    this.#offered = []
    for (const entry of entries) void this.#carry(entry)
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#sweeping = this.sweep()
        .catch((error: unknown) => this.#options.observer.failed(error))
        .finally(() => {
          if (!this.#isStopped) this.#schedule(this.#options.sweepMs)
        })
    }, delayMs).unref()
  }

  async #carry(entry: OutboxEntry): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#underway.set(entry.id, promise)
    try {
      await this.#options.publish(entry)
      this.#published.push(entry.id)
      this.#removing ??= this.#removePublished()
      return true
    } catch (error) {
      this.#options.observer.failed(error)
      return false
    } finally {
      this.#underway.delete(entry.id)
      resolve()
    }
  }

  /** One removal at a time: what is published meanwhile goes with the next. */
  async #removePublished(): Promise<void> {
    try {
      // What was published in the same turn goes together.
      await new Promise((resolve) => setImmediate(resolve))
      while (this.#published.length > 0) {
        const ids = this.#published
        this.#published = []
        await this.#options.mailboxes.removeFromOutbox(ids)
        this.#options.observer.published(ids.length)
      }
    } catch (error) {
      this.#options.observer.failed(error)
    } finally {
      this.#removing = undefined
    }
  }
}
