import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { packedContains } from '../namespace-set.ts'
import type { PackedSubscription } from '../packed-subscription.ts'
import type { MatchingSubscription, SubscriptionCounts } from '../subscriptions.ts'
import { type NumberRange, numbersOf } from './row-numbers.ts'
import { INDEXED_BYTES } from './schema.ts'

/** What decides on a new registration, expired or not. */
export interface KnownSubscription extends Omit<PackedSubscription, 'wantsData' | 'namespaces' | 'sealed'> {
  readonly number: number
}

/** What decides on an unsubscription. */
export type SignedSubscription = Pick<KnownSubscription, 'number' | 'signedAt'>

/** A row of `#match`, which has no names: they cost as much as the rest of a read. */
type MatchedRow = [device: Uint8Array, service: string, wantsData: number, namespaces: Uint8Array, sealed: Uint8Array]

/** The statements over the tables; those that change something are steps inside a transaction of the caller. */
export class SubscriptionTable {
  readonly #list: StatementSync
  readonly #match: StatementSync
  readonly #add: StatementSync
  readonly #replace: StatementSync
  readonly #setRegisteredAt: StatementSync
  readonly #find: StatementSync
  readonly #remove: StatementSync
  readonly #removeDevice: StatementSync
  readonly #removeExpired: StatementSync
  readonly #count: StatementSync
  readonly #counts: StatementSync

  constructor(database: DatabaseSync) {
    this.#list = database.prepare(
      `SELECT number, account, device, service, signed_at AS signedAt, registered_at AS registeredAt FROM subscriptions
       WHERE number BETWEEN ? AND ? ORDER BY number`,
    )
    this.#match = database.prepare(
      `SELECT device, service, wants_data, namespaces, sealed FROM subscriptions
       WHERE number BETWEEN ? AND ? AND account = ? AND signed_at > ?`,
    )
    this.#match.setReturnArrays(true)
    this.#add = database.prepare(
      `INSERT INTO subscriptions (device, service, signed_at, registered_at, wants_data, namespaces, sealed, account, number)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#replace = database.prepare(
      `UPDATE subscriptions SET device = ?, service = ?, signed_at = ?, registered_at = ?, wants_data = ?, namespaces = ?,
         sealed = ? WHERE number = ?`,
    )
    this.#setRegisteredAt = database.prepare('UPDATE subscriptions SET registered_at = ? WHERE number = ?')
    this.#find = database.prepare(
      `SELECT number, signed_at AS signedAt FROM subscriptions
       WHERE number BETWEEN ? AND ? AND account = ? AND device = ?`,
    )
    this.#remove = database.prepare('DELETE FROM subscriptions WHERE number = ?')
    this.#removeDevice = database.prepare(
      `DELETE FROM subscriptions WHERE number IN
         (SELECT number FROM subscriptions INDEXED BY subscriptions_by_device
          WHERE substr(device, 1, ${INDEXED_BYTES}) = ? AND device = ? AND registered_at <= ? LIMIT ?)`,
    )
    this.#removeExpired = database.prepare(
      `DELETE FROM subscriptions WHERE number IN
         (SELECT number FROM subscriptions INDEXED BY subscriptions_by_age WHERE signed_at <= ? ORDER BY signed_at LIMIT ?)`,
    )
    this.#count = database.prepare(
      `INSERT INTO counts (service, subscriptions) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET subscriptions = subscriptions + excluded.subscriptions`,
    )
    this.#counts = database.prepare('SELECT service, subscriptions FROM counts WHERE subscriptions <> 0')
  }

  /** The rows in a range in order, expired or not, and whoever's they are. */
  list({ first, last }: NumberRange): KnownSubscription[] {
    return this.#list.all(first, last) as unknown as KnownSubscription[]
  }

  /** Those of the account that were signed after `goneUntil` and want the namespace. */
  match(account: Uint8Array, namespace: number, goneUntil: number): MatchingSubscription[] {
    const { first, last } = numbersOf(account)
    const matching: MatchingSubscription[] = []
    for (const row of this.#match.all(first, last, account, goneUntil)) {
      const [device, service, wantsData, namespaces, sealed] = row as unknown as MatchedRow
      if (packedContains(namespaces, namespace)) matching.push({ device, service, wantsData: wantsData === 1, sealed })
    }
    return matching
  }

  /** Adds a subscription under a number that is free, and counts it. */
  add(number: number, subscription: PackedSubscription): void {
    this.#add.run(...changeable(subscription), subscription.account, number)
    this.#count.run(subscription.service, 1)
  }

  /** Gives the row of a subscription everything that another of the same account has. */
  replace({ number, service }: KnownSubscription, subscription: PackedSubscription): void {
    this.#replace.run(...changeable(subscription), number)
    if (service === subscription.service) return
    this.#count.run(service, -1)
    this.#count.run(subscription.service, 1)
  }

  setRegisteredAt({ number }: KnownSubscription, registeredAt: number): void {
    this.#setRegisteredAt.run(registeredAt, number)
  }

  /** The subscription of a device, expired or not. */
  find(account: Uint8Array, device: Uint8Array): SignedSubscription | undefined {
    const { first, last } = numbersOf(account)
    return this.#find.get(first, last, account, device) as SignedSubscription | undefined
  }

  remove({ number }: SignedSubscription): void {
    this.#remove.run(number)
  }

  /** Removes up to `limit` subscriptions of the device that were registered by then; how many. */
  removeDevice(device: Uint8Array, registeredUntil: number, limit: number): number {
    const indexed = device.subarray(0, INDEXED_BYTES)
    return Number(this.#removeDevice.run(indexed, device, registeredUntil, limit).changes)
  }

  /** Removes the `limit` longest expired of those that were signed at or before `goneUntil`; how many. */
  removeExpired(goneUntil: number, limit: number): number {
    return Number(this.#removeExpired.run(goneUntil, limit).changes)
  }

  counts(): SubscriptionCounts {
    const rows = this.#counts.all()
    return new Map(rows.map(({ service, subscriptions }) => [String(service), Number(subscriptions)]))
  }
}

function changeable({ device, service, signedAt, registeredAt, wantsData, namespaces, sealed }: PackedSubscription) {
  return [device, service, signedAt, registeredAt, Number(wantsData), namespaces, sealed] as const
}
