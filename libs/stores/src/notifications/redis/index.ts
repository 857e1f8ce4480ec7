/**
 * Notifications in Redis or Valkey, alone or as a cluster; commands up to Redis 6.2.
 *
 * Keys of partition `n0` … `n15` (the first byte of the device decides), which the braces keep in one slot:
 * - `<prefix>{n7}:<service>:due`: sorted set, number of a notification by the time it is due, or by the end of its lease.
 * - `<prefix>{n7}:<service>:meta`: hash, `<acceptedAt>:<expiresAt>:<attempts>:<device>` by number; the device are 16 bytes as they are.
 * - `<prefix>{n7}:<service>:contents`: hash, content by number.
 * - `<prefix>{n7}:<service>:ages`: sorted set, number by the time of acceptance; without those that are taken.
 * - `<prefix>{n7}:<service>:devices`: sorted set with every score 0, device (16 bytes) and number.
 * - `<prefix>{n7}:seen:<generation>`: set, the first 16 bytes of duplicate keys accepted in a generation (generation.ts).
 * - `<prefix>{n7}:books`: hash, counts by `<service>:accepted` and `<service>:<end>`.
 * - `<prefix>{n7}:last`: the number that was given last; 16 digits. `n7-<number>` is the id of a notification.
 *
 * Lifetimes: a notification goes with its end. A generation has a lifetime of Redis's own and is removed by `forgetDuplicates` before; books and `last`
 * stay for ever. One that is taken and neither ended nor postponed stays out of `ages` and is due again when its lease is over.
 *
 * Invariants: a notification is in `due`, `meta`, `contents` and `devices`, and in `ages` exactly when it is not taken; `accepted` of the books is the sum
 * of the ends and of what is in `due`. Each change is one Lua script in one slot, with the books in it. A queue is full when the partition
 * of the device has its share of the capacity, a sixteenth: a count over all partitions would not be atomic in a cluster. A change is as durable as the
 * server's append-only file: `appendfsync always` survives a loss of power, `everysec` the death of the process. The server must not evict
 * (`maxmemory-policy noeviction`).
 */
import type { RedisClient } from '../../redis/redis-client.ts'
import type { Notifications } from '../notifications.ts'
import { PARTITIONS } from './keys.ts'
import { RedisNotifications } from './redis-notifications.ts'

export interface RedisNotificationsOptions {
  /** Stays its owner's: `close` does not end it. */
  readonly redis: RedisClient
  /** Begins every key; default `sotto:`. Without braces. */
  readonly prefix?: string
  /** Milliseconds for which a duplicate key is remembered at least. */
  readonly duplicateWindowMs: number
  /** Most notifications that may wait for one service, in equal shares of the partitions. */
  readonly capacity: number
}

/** Throws `StoreUnavailableError` when Redis does not answer. */
export async function openRedisNotifications({
  redis,
  prefix = 'sotto:',
  duplicateWindowMs,
  capacity,
}: RedisNotificationsOptions): Promise<Notifications> {
  const partitionCapacity = Math.ceil(capacity / PARTITIONS)
  const notifications = new RedisNotifications(redis, prefix, { duplicateWindowMs, partitionCapacity })
  await notifications.check()
  return notifications
}
