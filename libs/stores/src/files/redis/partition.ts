import { fnv1a } from '../../redis/fnv1a.ts'

/** Never changes: a record is looked for only in the partition its id had when it was stored. */
export const PARTITIONS = 32

export interface PartitionKeys {
  /** Sorted set: id by expiry. */
  readonly expiry: string
  /** Sorted set, every score 0: `<blob key>:<id>`. */
  readonly blobs: string
  /** Hash: the record with this id. */
  record(id: string): string
}

/** Keys of partition 0 … 31; the braces put them into one slot of a cluster. */
export function partitionKeys(prefix: string, partition: number): PartitionKeys {
  const tag = `${prefix}{f${partition}}:`
  return { expiry: `${tag}expiry`, blobs: `${tag}blobs`, record: (id) => `${tag}record:${id}` }
}

export function partitionOf(id: string): number {
  return fnv1a(id) % PARTITIONS
}
