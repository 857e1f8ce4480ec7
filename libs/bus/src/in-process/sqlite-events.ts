import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { GroupCommit } from '#sqlite'
import { assertPartition, type EventDefinition } from '../contract/definition.ts'
import { assertPublishable } from '../durable/assert-publishable.ts'
import type { DeliverTools } from '../durable/deliver.ts'
import type {
  DurableEvents,
  DurableSubscription,
  EventDepth,
  PublishOptions,
  SubscribeOptions,
} from '../durable/durable-events.ts'
import { BusUnavailableError, EventAlreadyConsumedError } from '../errors.ts'
import { EventTable } from './event-table.ts'
import { translateSqliteError } from './sqlite-error.ts'
import { SqliteSubscription } from './sqlite-subscription.ts'

export interface SqliteEventsOptions extends DeliverTools {
  /** Path of the database file; one process holds it at a time. */
  readonly file: string
  /** Wall clock in milliseconds. */
  readonly now: () => number
  /** How long deduplication ids are remembered; default 10 minutes. */
  readonly duplicateWindowMs?: number
  /** Longest event in bytes; default 1,048,576. */
  readonly maxPayload?: number
}

/** Publications between two cleanings, which look into indexes that mostly have nothing to remove. */
const CLEANING_INTERVAL = 64
/** More than come between two cleanings, so that a backlog shrinks. */
const REMOVED_AT_ONCE = 256

/** Durable events in a SQLite file of this process: WAL, synced at every commit, many events in one commit. */
export class SqliteEvents implements DurableEvents {
  readonly #options: SqliteEventsOptions
  readonly #database: DatabaseSync
  readonly #table: EventTable
  readonly #commits: GroupCommit
  readonly #subscriptions = new Set<Pick<SqliteSubscription<unknown>, 'subject' | 'wake' | 'close'>>()
  #closed = false
  #publications = 0

  /** Opens or creates the file. Throws `BusUnavailableError` when that fails or another process holds the file. */
  constructor(options: SqliteEventsOptions) {
    this.#options = options
    try {
      // SQLite gives the files beside it the mode of the database.
      closeSync(openSync(options.file, 'a', 0o600))
      this.#database = new DatabaseSync(options.file)
      this.#database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      this.#table = new EventTable(this.#database)
      this.#commits = new GroupCommit(this.#database)
      this.#table.releaseAll(options.now())
    } catch (error) {
      throw new BusUnavailableError('the event store cannot be opened: it is damaged, not writable or in use', {
        cause: error,
      })
    }
  }

  async publish<Value>(event: EventDefinition<Value>, value: Value, options: PublishOptions): Promise<void> {
    assertPartition(event, options.partition)
    const payload = event.codec.encode(value)
    assertPublishable(event, options, payload, this.#options.maxPayload ?? 1_048_576)
    const { subject } = event
    const { partition, deduplicationId } = options
    await this.#commit(() => {
      const now = this.#options.now()
      const forgetAt = now + (this.#options.duplicateWindowMs ?? 600_000)
      if (this.#publications++ % CLEANING_INTERVAL === 0) this.#clean(event, now)
      this.#table.add({ subject, partition, payload, deduplicationId }, now, forgetAt)
    })
    for (const subscription of this.#subscriptions) if (subscription.subject === subject) subscription.wake()
  }

  async subscribe<Value>(
    event: EventDefinition<Value>,
    options: SubscribeOptions<Value>,
  ): Promise<DurableSubscription> {
    const { subject } = event
    const consumer = await this.#commit(() => this.#table.consumer(subject, options.durable))
    if (consumer !== options.durable) throw new EventAlreadyConsumedError(`${subject} has another consumer already`)
    const store = {
      table: this.#table,
      now: this.#options.now,
      commit: <R>(work: () => R) => this.#commit(work),
      commitWithNext: <R>(work: () => R) => this.#attempt(() => this.#commits.runWithNext(work)),
    }
    const subscription = new SqliteSubscription(event, options, store, this.#options)
    this.#subscriptions.add(subscription)
    subscription.wake()
    return {
      close: async () => {
        await subscription.close()
        this.#subscriptions.delete(subscription)
      },
    }
  }

  async depth({ subject }: EventDefinition<unknown>): Promise<EventDepth> {
    return this.#commit(() => ({ waiting: this.#table.count(subject, 0), dead: this.#table.count(subject, 1) }))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()))
    this.#closed = true
    this.#commits.flush()
    this.#database.close()
  }

  #clean({ subject, keepMs }: EventDefinition<unknown>, now: number): void {
    this.#table.forgetSeen(now)
    if (keepMs !== undefined) this.#table.removeUntaken(subject, now - keepMs, REMOVED_AT_ONCE)
  }

  #commit<Result>(work: () => Result): Promise<Result> {
    return this.#attempt(() => this.#commits.run(work))
  }

  async #attempt<Result>(commit: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new BusUnavailableError('the event store is closed')
    try {
      return await commit()
    } catch (error) {
      throw translateSqliteError(error)
    }
  }
}
