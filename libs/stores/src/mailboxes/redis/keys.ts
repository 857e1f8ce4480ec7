import { fnv1a } from '../../redis/fnv1a.ts'
import type { AccountHex } from '../mailboxes.ts'

/** Never changes: a mailbox is looked for only in the partition of its account. */
export const PARTITIONS = 256

export interface PartitionKeys {
  /** Sorted set: `<account>:<hash>` by expiry. */
  readonly expiries: string
  /** Sorted set: number of the entry by the time it was written. */
  readonly outbox: string
  /** Hash: `<event partition>:<payload>` by number of the entry. */
  readonly events: string
  /** String: the number that was given last. */
  readonly last: string
}

export interface MailboxKeys {
  /** Of the mailbox and its partition, in the order of all scripts: meta, index, data, evictable, counters, expiries. */
  readonly all: readonly [string, string, string, string, string, string]
  readonly meta: string
  readonly counters: string
  readonly revoked: string
  readonly partition: number
}

/** Keys of partition 0 … 255; the braces put them into one slot of a cluster. */
export function partitionKeys(prefix: string, partition: number): PartitionKeys {
  const tag = tagOf(prefix, partition)
  return { expiries: `${tag}expiries`, outbox: `${tag}outbox`, events: `${tag}events`, last: `${tag}last` }
}

/** Keys of a mailbox, in the slot of its partition. */
export function mailboxKeys(prefix: string, account: AccountHex): MailboxKeys {
  const partition = partitionOf(account)
  const tag = tagOf(prefix, partition)
  const mailbox = `${tag}${account}:`
  const meta = `${mailbox}meta`
  const counters = `${mailbox}counters`
  const rest = [`${mailbox}index`, `${mailbox}data`, `${mailbox}evictable`, counters, `${tag}expiries`] as const
  return { all: [meta, ...rest], meta, counters, revoked: `${mailbox}revoked`, partition }
}

export function partitionOf(account: AccountHex): number {
  return fnv1a(account) % PARTITIONS
}

function tagOf(prefix: string, partition: number): string {
  return `${prefix}{m${partition}}:`
}
