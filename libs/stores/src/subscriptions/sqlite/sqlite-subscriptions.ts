import type { StoreDatabase } from '../../sqlite/store-database.ts'
import { goneUntil, type SubscriptionLimits } from '../limits.ts'
import { assertSigned, packSubscription } from '../packed-subscription.ts'
import type {
  MatchingSubscription,
  Subscription,
  SubscriptionCounts,
  SubscriptionOutcome,
  Subscriptions,
  Unsubscription,
} from '../subscriptions.ts'
import { putSubscription } from './put-subscription.ts'
import { removeSubscription } from './remove-subscription.ts'
import type { Tables } from './tables.ts'

/** What is removed of a device or of old unsubscriptions with one commit: few enough not to hold up other work for long. */
const REMOVED_AT_ONCE = 500

/** Subscriptions over an open database, which they close. */
export class SqliteSubscriptions implements Subscriptions {
  readonly #database: StoreDatabase
  readonly #tables: Tables
  readonly #limits: SubscriptionLimits

  constructor(database: StoreDatabase, tables: Tables, limits: SubscriptionLimits) {
    this.#database = database
    this.#tables = tables
    this.#limits = limits
  }

  async put(subscription: Subscription, now: number): Promise<SubscriptionOutcome> {
    const packed = packSubscription(subscription)
    const { devicesPerAccount } = this.#limits
    const gone = this.#goneUntil(now)
    return this.#database.write(() => putSubscription(this.#tables, packed, gone, devicesPerAccount))
  }

  async remove(account: Uint8Array, device: Uint8Array, { signedAt, now }: Unsubscription): Promise<boolean> {
    const signed = { account, device, signedAt }
    assertSigned(signed)
    const { devicesPerAccount } = this.#limits
    const gone = this.#goneUntil(now)
    return this.#database.write(() => removeSubscription(this.#tables, signed, gone, devicesPerAccount))
  }

  async matching(account: Uint8Array, namespace: number, now: number): Promise<readonly MatchingSubscription[]> {
    return this.#database.read(() => this.#tables.subscriptions.match(account, namespace, this.#goneUntil(now)))
  }

  removeDevice(device: Uint8Array, registeredUntil: number): Promise<number> {
    return this.#inSteps(() => this.#tables.subscriptions.removeDevice(device, registeredUntil, REMOVED_AT_ONCE))
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    const gone = this.#goneUntil(now)
    await this.#inSteps(() => this.#tables.unsubscriptions.forgetExpired(gone, REMOVED_AT_ONCE))
    return this.#database.write(() => this.#tables.subscriptions.removeExpired(gone, limit))
  }

  async counts(): Promise<SubscriptionCounts> {
    return this.#database.read(() => this.#tables.subscriptions.counts())
  }

  async check(): Promise<void> {
    this.#database.read(() => this.#tables.subscriptions.counts())
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  /** Repeats a step that removes `REMOVED_AT_ONCE` while there are as many, each with a commit of its own; how many went. */
  async #inSteps(step: () => number): Promise<number> {
    let removed = 0
    for (;;) {
      const some = await this.#database.write(step)
      removed += some
      if (some < REMOVED_AT_ONCE) return removed
    }
  }

  #goneUntil(now: number): number {
    return goneUntil(now, this.#limits)
  }
}
