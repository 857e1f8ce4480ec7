import { asBuffer } from '../../redis/as-buffer.ts'
import { fnv1a } from '../../redis/fnv1a.ts'

/** Never changes: a subscription is looked for only in the partitions of its account and its device. */
export const PARTITIONS = 256

export interface PartitionKeys {
  /** Sorted set: account by the oldest `signedAt` of its subscriptions. */
  readonly ages: string
  /** Hash: number of subscriptions by service. */
  readonly counts: string
}

export interface AccountKeys extends PartitionKeys {
  /** String: the subscriptions of the account. */
  readonly record: string
  /** Sorted set: device (16 bytes) by the `signedAt` of its last unsubscription. */
  readonly unsubscribed: string
}

/** Keys of partition 0 … 255 of the accounts; the braces put them into one slot of a cluster. */
export function partitionKeys(prefix: string, partition: number): PartitionKeys {
  const tag = `${prefix}{s${partition}}:`
  return { ages: `${tag}ages`, counts: `${tag}counts` }
}

/** Keys of an account (as text), in the slot of its partition. */
export function accountKeys(prefix: string, account: string): AccountKeys {
  const partition = partitionOf(account)
  const record = `${prefix}{s${partition}}:${account}`
  return { ...partitionKeys(prefix, partition), record, unsubscribed: `${record}:unsubscribed` }
}

/** Key of the sorted set of the accounts of a device (as text), by the latest `signedAt` that was asked for. */
export function deviceKey(prefix: string, device: string): string {
  return `${prefix}{d${partitionOf(device)}}:${device}`
}

/** A digest as keys and members of sets have it: 22 characters of URL-safe base64. */
export function toText(digest: Uint8Array): string {
  return asBuffer(digest).toString('base64url')
}

export function partitionOf(text: string): number {
  return fnv1a(text) % PARTITIONS
}
