import { asBuffer } from '../../redis/as-buffer.ts'
import type { RedisClient } from '../../redis/redis-client.ts'
import { translated } from '../../redis/redis-error.ts'
import { goneUntil, type SubscriptionLimits } from '../limits.ts'
import { packedContains } from '../namespace-set.ts'
import { assertSigned, packSubscription } from '../packed-subscription.ts'
import type {
  MatchingSubscription,
  Subscription,
  SubscriptionCounts,
  SubscriptionOutcome,
  Subscriptions,
  Unsubscription,
} from '../subscriptions.ts'
import { defineSubscriptionCommands, type SubscriptionCommands } from './commands.ts'
import { accountKeys, deviceKey, partitionKeys, PARTITIONS, toText } from './keys.ts'
import { decodeRecord, encodeEntry } from './record.ts'
import { RedisSweep } from './sweep.ts'

/** How much longer a device knows an account than its subscription lives, and an unsubscription is remembered than it need be: longer than any two clocks differ. */
const GRACE_S = 86_400

/** Accounts of a device that are read at a time. */
const PAGE = 500

/** Subscriptions over a client that its owner ends. */
export class RedisSubscriptions implements Subscriptions {
  readonly #redis: RedisClient
  readonly #commands: SubscriptionCommands
  readonly #prefix: string
  readonly #limits: SubscriptionLimits
  readonly #sweep: RedisSweep
  #sweeping: Promise<unknown> = Promise.resolve()

  constructor(redis: RedisClient, prefix: string, limits: SubscriptionLimits) {
    this.#redis = redis
    this.#commands = defineSubscriptionCommands(redis)
    this.#prefix = prefix
    this.#limits = limits
    this.#sweep = new RedisSweep(redis, this.#commands, prefix)
  }

  /** The device knows of the account first: so no subscription is ever there that `removeDevice` does not find. */
  async put(subscription: Subscription, now: number): Promise<SubscriptionOutcome> {
    const packed = packSubscription(subscription)
    const { service, signedAt, registeredAt } = packed
    const account = toText(packed.account)
    const { record, ages, counts, unsubscribed } = accountKeys(this.#prefix, account)
    const gone = goneUntil(now, this.#limits)
    const known = Math.max(signedAt - gone, 0) + GRACE_S
    const numbers = [gone, this.#limits.devicesPerAccount]
    const args = [account, asBuffer(packed.device), service, signedAt, registeredAt, encodeEntry(packed), ...numbers]
    return translated(async () => {
      const device = deviceKey(this.#prefix, toText(packed.device))
      await this.#commands.subscriptionsAddAccount(device, account, signedAt, gone - GRACE_S, 1_000 * known)
      return this.#commands.subscriptionsPut(record, ages, counts, unsubscribed, ...args)
    })
  }

  async remove(account: Uint8Array, device: Uint8Array, { signedAt, now }: Unsubscription): Promise<boolean> {
    assertSigned({ account, device, signedAt })
    const name = toText(account)
    const { record, ages, counts, unsubscribed } = accountKeys(this.#prefix, name)
    const gone = goneUntil(now, this.#limits)
    const remembered = 1_000 * (Math.max(signedAt - gone, 0) + GRACE_S)
    const args = [name, asBuffer(device), signedAt, gone, this.#limits.devicesPerAccount, remembered]
    const removed = await translated(() =>
      this.#commands.subscriptionsUnsubscribe(record, ages, counts, unsubscribed, ...args),
    )
    return removed === 1
  }

  async matching(account: Uint8Array, namespace: number, now: number): Promise<readonly MatchingSubscription[]> {
    const { record } = accountKeys(this.#prefix, toText(account))
    const bytes = await translated(() => this.#redis.getBuffer(record))
    if (bytes === null) return []
    const gone = goneUntil(now, this.#limits)
    return decodeRecord(bytes)
      .filter(({ signedAt, namespaces }) => signedAt > gone && packedContains(namespaces, namespace))
      .map(({ device, service, wantsData, sealed }) => ({ device, service, wantsData, sealed }))
  }

  async removeDevice(device: Uint8Array, registeredUntil: number): Promise<number> {
    const key = deviceKey(this.#prefix, toText(device))
    let removed = 0
    let cursor = '0'
    return translated(async () => {
      do {
        // A scan misses none that is there all the time, whatever comes and goes meanwhile.
        const [next, found] = await this.#redis.zscan(key, cursor, 'COUNT', PAGE)
        const accounts = found.filter((_, index) => index % 2 === 0)
        const ones = await Promise.all(accounts.map((account) => this.#remove(account, device, registeredUntil)))
        removed += ones.reduce((sum, one) => sum + one, 0)
        cursor = next
      } while (cursor !== '0')
      return removed
    })
  }

  /** One sweep runs at a time, since two would find the same subscriptions. */
  removeExpired(now: number, limit: number): Promise<number> {
    const run = (): Promise<number> => translated(() => this.#sweep.run(goneUntil(now, this.#limits), limit))
    const swept = this.#sweeping.then(run, run)
    this.#sweeping = swept
    return swept
  }

  async counts(): Promise<SubscriptionCounts> {
    const keys = Array.from({ length: PARTITIONS }, (_, partition) => partitionKeys(this.#prefix, partition).counts)
    const parts = await translated(() => Promise.all(keys.map((key) => this.#redis.hgetall(key))))
    const counts = new Map<string, number>()
    for (const [service, count] of parts.flatMap((part) => Object.entries(part))) {
      counts.set(service, (counts.get(service) ?? 0) + Number(count))
    }
    return counts
  }

  async check(): Promise<void> {
    await translated(() => this.#redis.exists(partitionKeys(this.#prefix, 0).counts))
  }

  async close(): Promise<void> {}

  /** Removes the subscription if it was registered by `registeredUntil`; how many went, 0 or 1. */
  #remove(account: string, device: Uint8Array, registeredUntil: number): Promise<number> {
    const { record, ages, counts } = accountKeys(this.#prefix, account)
    return this.#commands.subscriptionsRemove(record, ages, counts, account, asBuffer(device), registeredUntil)
  }
}
