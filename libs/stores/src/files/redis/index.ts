/**
 * File records in Redis or Valkey, alone or as a cluster; commands up to Redis 6.2.
 *
 * Keys of partition `f0` … `f31` (a hash of the id decides), which the braces keep in one slot:
 * - `<prefix>{f17}:record:<id>`: hash of `size`, `uploadedAt`, `expiresAt`, `format`, `blob` (key, or empty when the body is inline), `bytes` (inline body).
 * - `<prefix>{f17}:expiry`: sorted set, id by `expiresAt`; for the sweep.
 * - `<prefix>{f17}:blobs`: sorted set with every score 0, `<blob key>:<id>`; a blob key has no colon.
 *
 * Lifetimes: a record lives until it is swept, replaced or found lost; readers compare `expiresAt` with the time they are given. An inline record
 * has a lifetime of Redis's own besides, a day longer, so that memory comes back when nothing sweeps. One with a blob has none, because only
 * its record tells which blob to delete.
 *
 * Invariants: every record is in `expiry`, and in `blobs` exactly when it has a blob; each change is one Lua script over one partition. A change is as
 * durable as the server's append-only file: `appendfsync always` survives a loss of power, `everysec` the death of the process. The server
 * must not evict (`maxmemory-policy noeviction`).
 */
import type { RedisClient } from '../../redis/redis-client.ts'
import type { FileRecords } from '../file-records.ts'
import { RedisFileRecords } from './redis-file-records.ts'

export interface RedisFileRecordsOptions {
  /** Stays its owner's: `close` does not end it. */
  readonly redis: RedisClient
  /** Begins every key; default `sotto:`. Without braces. */
  readonly prefix?: string
}

/** Throws `StoreUnavailableError` when Redis does not answer. */
export async function openRedisFileRecords({
  redis,
  prefix = 'sotto:',
}: RedisFileRecordsOptions): Promise<FileRecords> {
  const records = new RedisFileRecords(redis, prefix)
  await records.check()
  return records
}
