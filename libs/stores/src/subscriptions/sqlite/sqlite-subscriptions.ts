import type { StoreDatabase } from '../../sqlite/store-database.ts'
import { goneUntil, type SubscriptionLimits } from '../limits.ts'
import { packSubscription } from '../packed-subscription.ts'
import type {
  MatchingSubscription,
  Subscription,
  SubscriptionCounts,
  SubscriptionOutcome,
  Subscriptions,
} from '../subscriptions.ts'
import { putSubscription } from './put-subscription.ts'
import type { SubscriptionTable } from './subscription-table.ts'

/** Subscriptions of a device that are removed with one commit: few enough not to hold up other work for long. */
const REMOVED_AT_ONCE = 500

/** Subscriptions over an open database, which they close. */
export class SqliteSubscriptions implements Subscriptions {
  readonly #database: StoreDatabase
  readonly #table: SubscriptionTable
  readonly #limits: SubscriptionLimits

  constructor(database: StoreDatabase, table: SubscriptionTable, limits: SubscriptionLimits) {
    this.#database = database
    this.#table = table
    this.#limits = limits
  }

  async put(subscription: Subscription, now: number): Promise<SubscriptionOutcome> {
    const packed = packSubscription(subscription)
    const { devicesPerAccount } = this.#limits
    const gone = this.#goneUntil(now)
    return this.#database.write(() => putSubscription(this.#table, packed, gone, devicesPerAccount))
  }

  async remove(account: Uint8Array, device: Uint8Array, now: number): Promise<boolean> {
    return this.#database.write(() => this.#table.remove(account, device, this.#goneUntil(now)))
  }

  async matching(account: Uint8Array, namespace: number, now: number): Promise<readonly MatchingSubscription[]> {
    return this.#database.read(() => this.#table.match(account, namespace, this.#goneUntil(now)))
  }

  async removeDevice(device: Uint8Array, registeredUntil: number): Promise<number> {
    let removed = 0
    for (;;) {
      const some = await this.#database.write(() => this.#table.removeDevice(device, registeredUntil, REMOVED_AT_ONCE))
      removed += some
      if (some < REMOVED_AT_ONCE) return removed
    }
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.#database.write(() => this.#table.removeExpired(this.#goneUntil(now), limit))
  }

  async counts(): Promise<SubscriptionCounts> {
    return this.#database.read(() => this.#table.counts())
  }

  async check(): Promise<void> {
    this.#database.read(() => this.#table.counts())
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  #goneUntil(now: number): number {
    return goneUntil(now, this.#limits)
  }
}
