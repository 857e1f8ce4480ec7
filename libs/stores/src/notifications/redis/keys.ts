/** Never changes: a notification is looked for only in the partition of its device. */
export const PARTITIONS = 16

export interface PartitionKeys {
  /** Hash: `<service>:accepted` and `<service>:<end>`. */
  readonly books: string
  /** String: the number that was given last. */
  readonly last: string
  /** Set of keys of the filter that were accepted in a generation. */
  readonly seen: (generation: number) => string
  /** Keys of the queue of a service, in the order of all scripts: due, meta, contents, ages, devices, books. */
  readonly queue: (service: string) => QueueKeys
}

export type QueueKeys = readonly [string, string, string, string, string, string]

/** Keys of partition 0 … 15; the braces put them into one slot of a cluster. */
export function partitionKeys(prefix: string, partition: number): PartitionKeys {
  const tag = `${prefix}{n${partition}}:`
  const books = `${tag}books`
  return {
    books,
    last: `${tag}last`,
    seen: (generation) => `${tag}seen:${generation}`,
    queue: (service) => {
      const queue = `${tag}${service}:`
      return [`${queue}due`, `${queue}meta`, `${queue}contents`, `${queue}ages`, `${queue}devices`, books]
    },
  }
}

/** Devices are digests, so their first byte spreads them evenly. */
export function partitionOf(device: Uint8Array): number {
  return (device[0] ?? 0) % PARTITIONS
}
