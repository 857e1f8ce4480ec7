import type { NotificationEnd, Notifications, TakenNotification } from '#stores'
import type { DeliveryStage } from './delivery-observer.ts'
import { RetryingLane } from './retrying-lane.ts'

interface Ended {
  readonly end: NotificationEnd
  readonly notifications: readonly TakenNotification[]
}

interface Postponed {
  readonly notification: TakenNotification
  readonly dueAt: number
  readonly attempts: number
}

interface DeadToken extends Pick<Ended, 'notifications'> {
  /** 16 bytes. */
  readonly device: Uint8Array
  /** Milliseconds since the Unix epoch. */
  readonly since: number
}

export interface SettlementOptions {
  readonly service: string
  readonly notifications: Pick<Notifications, 'end' | 'endDevice' | 'postpone'>
  /** Makes durable that the token is dead; may be called again for the same. */
  readonly onDeadToken: (device: Uint8Array, since: number) => Promise<void>
  readonly random: () => number
  readonly observer: SettlementObserver
}

/** What becomes of what was settled. Calls for notifications come after the change is durable. */
export interface SettlementObserver {
  ended(end: NotificationEnd, count: number, notifications: readonly TakenNotification[]): void
  postponed(notification: TakenNotification, dueAt: number): void
  /** What was accepted for the device until then is being ended, or has been. */
  deviceEnded(device: Uint8Array, acceptedUntil: number): void
  failed(stage: DeliveryStage, error: unknown): void
}

/**
 * Writes into the queue what has become of notifications, and again for as long as the store fails. Changes of one kind that gather meanwhile
 * are written together; one kind does not wait for another.
 */
export class Settlement {
  readonly #options: SettlementOptions
  readonly #ended: RetryingLane<Ended>
  readonly #postponed: RetryingLane<Postponed>
  readonly #deadTokens: RetryingLane<DeadToken>

  constructor(options: SettlementOptions) {
    this.#options = options
    const { random } = options
    this.#ended = new RetryingLane({ random, run: (items) => this.#endAll(items) })
    this.#postponed = new RetryingLane({
      random,
      run: (items) => this.#each('postpone', items, (item) => this.#postpone(item)),
    })
    this.#deadTokens = new RetryingLane({
      random,
      run: (items) => this.#each('dead-token', items, (item) => this.#endDevice(item)),
    })
  }

  end(notifications: readonly TakenNotification[], end: NotificationEnd): void {
    if (notifications.length > 0) this.#ended.add({ end, notifications })
  }

  postpone(notification: TakenNotification, dueAt: number, attempts: number): void {
    this.#postponed.add({ notification, dueAt, attempts })
  }

  /** Reports the token, ends the notifications that were sent to it and then whatever else was accepted for the device until `since`. */
  tokenDead(device: Uint8Array, since: number, notifications: readonly TakenNotification[]): void {
    this.#deadTokens.add({ device, since, notifications })
  }

  /** Resolves when everything was tried once more. What could not be written comes back when its lease is over. */
  async finish(): Promise<void> {
    await Promise.all([this.#ended.finish(), this.#postponed.finish(), this.#deadTokens.finish()])
  }

  async #endAll(items: readonly Ended[]): Promise<readonly Ended[]> {
    const byEnd = new Map<NotificationEnd, TakenNotification[]>()
    for (const { end, notifications } of items) {
      const gathered = byEnd.get(end)
      if (gathered === undefined) byEnd.set(end, [...notifications])
      else gathered.push(...notifications)
    }
    const gathered = [...byEnd].map(([end, notifications]) => ({ end, notifications }))
    return this.#each('end', gathered, ({ end, notifications }) => this.#end(end, notifications))
  }

  async #end(end: NotificationEnd, notifications: readonly TakenNotification[]): Promise<void> {
    const count = await this.#options.notifications.end(notifications, end)
    this.#options.observer.ended(end, count, notifications)
  }

  async #postpone({ notification, dueAt, attempts }: Postponed): Promise<void> {
    await this.#options.notifications.postpone(notification, { dueAt, attempts })
    this.#options.observer.postponed(notification, dueAt)
  }

  /** The subscriptions go first: were the queue emptied first and the process to die, nobody would learn of the dead token. */
  async #endDevice({ device, since, notifications }: DeadToken): Promise<void> {
    const { service, notifications: queue, onDeadToken, observer } = this.#options
    await onDeadToken(device, since)
    observer.deviceEnded(device, since)
    await this.#end('token-dead', notifications)
    const count = await queue.endDevice(service, device, since)
    observer.deviceEnded(device, since)
    if (count > 0) observer.ended('token-dead', count, [])
  }

  /** Runs all at once; returns those that failed. That the store is away is reported once a round. */
  async #each<Item>(
    stage: DeliveryStage,
    items: readonly Item[],
    run: (item: Item) => Promise<void>,
  ): Promise<readonly Item[]> {
    const results = await Promise.allSettled(items.map(run))
    const failure = results.find((result) => result.status === 'rejected')
    if (failure !== undefined) this.#options.observer.failed(stage, failure.reason)
    return items.filter((_, index) => results[index]?.status === 'rejected')
  }
}
