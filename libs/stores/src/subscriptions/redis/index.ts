/**
 * Subscriptions in Redis or Valkey, alone or as a cluster; commands up to Redis 6.2.
 *
 * Keys of partition `s0` … `s255` (a hash of the account decides), which the braces keep in one slot; accounts and devices are 22 characters of
 * URL-safe base64:
 * - `<prefix>{s17}:<account>`: string, the subscriptions of the account one behind the other (record.ts), which takes up far less than a key for each.
 * - `<prefix>{s17}:ages`: sorted set, account by the oldest `signedAt` of its subscriptions; for the sweep.
 * - `<prefix>{s17}:<account>:unsubscribed`: sorted set, device (16 bytes) by the `signedAt` of its last unsubscription.
 * - `<prefix>{s17}:counts`: hash, number of subscriptions by service.
 *
 * Keys of partition `d0` … `d255` (a hash of the device decides):
 * - `<prefix>{d17}:<device>`: sorted set, account by the latest `signedAt` with which the device was to be subscribed.
 *
 * Lifetimes: a subscription lives until it is removed or swept; readers compare its `signedAt` with the time they are given. With the last one of an
 * account its record goes. A device knows an account a day longer than the subscription may live and whether it still does or not, and then forgets
 * it, the whole key by a lifetime of Redis's own: so what knows of a subscription never goes before it, and nothing races to tidy up.
 * An unsubscription is remembered as long as a subscription that was signed then may live, or until the device subscribes again, or until its account has
 * too many later ones; the key goes a day after the last of them by a lifetime of Redis's own.
 * A longer lifetime (the option) holds for what is subscribed from then on.
 *
 * Invariants: an account is in `ages` exactly when it has a record, with the oldest time of that; `counts` agree with the records; a
 * device in `unsubscribed` has no subscription but an expired one; each change of an account is one Lua script in one slot. Whatever account has a
 * subscription of a device, the device knows the account: it is told first. The other way round need not hold, so that the record decides. A change is as durable as the server's append-only file:
 * `appendfsync always` survives a loss of power, `everysec` the death of the process. The server must not evict (`maxmemory-policy noeviction`).
 */
import type { RedisClient } from '../../redis/redis-client.ts'
import { assertLimits, type SubscriptionLimits } from '../limits.ts'
import type { Subscriptions } from '../subscriptions.ts'
import { RedisSubscriptions } from './redis-subscriptions.ts'

export interface RedisSubscriptionsOptions extends SubscriptionLimits {
  /** Stays its owner's: `close` does not end it. */
  readonly redis: RedisClient
  /** Begins every key; default `sotto:`. Without braces. */
  readonly prefix?: string
}

/** Throws `StoreUnavailableError` when Redis does not answer, and a `RangeError` for limits that it cannot keep. */
export async function openRedisSubscriptions({
  redis,
  prefix = 'sotto:',
  ...limits
}: RedisSubscriptionsOptions): Promise<Subscriptions> {
  assertLimits(limits)
  const subscriptions = new RedisSubscriptions(redis, prefix, limits)
  await subscriptions.check()
  return subscriptions
}
