/**
 * Mailboxes in Redis or Valkey, alone or as a cluster; commands up to Redis 6.2.
 *
 * Keys of partition `m0` … `m255` (a hash of the account decides), which the braces keep in one slot:
 * - `<prefix>{m17}:<account>:meta`: hash, `<namespace>:<timestamp>:<expiry>:<size>:<protected>` by message hash.
 * - `<prefix>{m17}:<account>:data`: hash, data by message hash.
 * - `<prefix>{m17}:<account>:index`: sorted set, message hash by (namespace + 32,768) · 2^37 + sequence number.
 * - `<prefix>{m17}:<account>:evictable`: sorted set, message hash by sequence number; without the protected messages.
 * - `<prefix>{m17}:<account>:counters`: hash of `sequence` (the last one given), `messages`, `bytes`, `protected` (bytes of protected messages).
 * - `<prefix>{m17}:<account>:revoked`: list of tokens, the most recently revoked last.
 * - `<prefix>{m17}:expiries`: sorted set, `<account>:<message hash>` by expiry; for the sweep.
 * - `<prefix>{m17}:outbox`: sorted set, number of an entry by the time it was written.
 * - `<prefix>{m17}:events`: hash, `<event partition>:<payload>` by number of the entry.
 * - `<prefix>{m17}:last`: the number that was given last. `m17-<number>` is the id of an entry.
 *
 * Lifetimes: no key has one of Redis's own. A message lives until it is swept, deleted, replaced or evicted; readers compare its expiry with the time
 * they are given. With the last message of an account all its keys go but the revoked tokens, and sequence numbers start again: nothing outside
 * refers to them. An entry of the outbox lives until it is published; `last` stays for ever.
 *
 * Invariants: a message is in `meta`, `data`, `index` and `expiries`, with the same expiry, and in `evictable` exactly when it is not protected;
 * `counters` agree with `meta`; `outbox` and `events` have the same numbers. Each change of a mailbox is one Lua script in one slot, with the
 * entry of the outbox in it. A change is as durable as the server's append-only file: `appendfsync always` survives a loss of power, `everysec` the death
 * of the process. The server must not evict (`maxmemory-policy noeviction`).
 */
import type { RedisClient } from '../../redis/redis-client.ts'
import type { MailboxQuota, Mailboxes } from '../mailboxes.ts'
import { RedisMailboxes } from './redis-mailboxes.ts'

export interface RedisMailboxesOptions {
  /** Stays its owner's: `close` does not end it. */
  readonly redis: RedisClient
  /** Begins every key; default `sotto:`. Without braces. */
  readonly prefix?: string
  readonly quota: MailboxQuota
}

/** Throws `StoreUnavailableError` when Redis does not answer. */
export async function openRedisMailboxes({
  redis,
  prefix = 'sotto:',
  quota,
}: RedisMailboxesOptions): Promise<Mailboxes> {
  const mailboxes = new RedisMailboxes(redis, prefix, quota)
  await mailboxes.check()
  return mailboxes
}
