import { StoreCorruptError } from '../../errors.ts'
import type { RedisClient } from '../../redis/redis-client.ts'
import type { OutboxEntry, OutboxEvent } from '../mailboxes.ts'
import type { MailboxCommands } from './commands.ts'
import { type PartitionKeys, partitionKeys, PARTITIONS } from './keys.ts'

interface Waiting {
  readonly partition: number
  readonly entry: string
  readonly writtenAt: number
}

/** Entries asked of a partition at first: enough when a backlog is spread over all. */
const FIRST_PAGE = 32
/** Entries that one script removes. */
const MAX_REMOVED = 1_000

/** The outbox over all partitions. */
export class RedisOutbox {
  readonly #redis: RedisClient
  readonly #commands: MailboxCommands
  readonly #partitions: readonly PartitionKeys[]

  constructor(redis: RedisClient, commands: MailboxCommands, prefix: string) {
    this.#redis = redis
    this.#commands = commands
    this.#partitions = Array.from({ length: PARTITIONS }, (_, partition) => partitionKeys(prefix, partition))
  }

  async oldest(writtenBefore: number, limit: number): Promise<readonly OutboxEntry[]> {
    const oldest = (await this.#findOldest(writtenBefore, limit)).slice(0, limit)
    const payloads = await Promise.all([...groupByPartition(oldest)].map((group) => this.#read(...group)))
    const events = new Map(payloads.flat())
    return oldest.flatMap(({ partition, entry }) => {
      const id = toId(partition, entry)
      const event = events.get(id)
      // It was published and removed since it was found.
      return event === undefined ? [] : [{ id, ...event }]
    })
  }

  async remove(ids: readonly string[]): Promise<void> {
    const known = ids.flatMap(fromId)
    await Promise.all(
      [...groupByPartition(known)].flatMap(([partition, entries]) => {
        const { outbox, events } = this.#keys(partition)
        const pages = Array.from({ length: Math.ceil(entries.length / MAX_REMOVED) }, (_, page) => page * MAX_REMOVED)
        return pages.map((start) =>
          this.#commands.mailboxesRemoveFromOutbox(outbox, events, ...entries.slice(start, start + MAX_REMOVED)),
        )
      }),
    )
  }

  /** At least the oldest `limit` entries, the oldest first, those of a partition in the order in which they were written. */
  async #findOldest(writtenBefore: number, limit: number): Promise<Waiting[]> {
    const first = Math.min(limit, FIRST_PAGE)
    const pages = await Promise.all(this.#partitions.map((_, index) => this.#page(index, writtenBefore, first)))
    const latest = sorted(pages)[limit - 1]?.writtenAt ?? Infinity
    const whole = pages.map(async (page, index) => {
      const isCut = page.length === first && first < limit && (page.at(-1)?.writtenAt ?? 0) <= latest
      return isCut ? this.#page(index, writtenBefore, limit) : page
    })
    return sorted(await Promise.all(whole))
  }

  async #page(partition: number, writtenBefore: number, limit: number): Promise<Waiting[]> {
    const { outbox } = this.#keys(partition)
    const range = [outbox, '-inf', `(${writtenBefore}`, 'WITHSCORES', 'LIMIT', 0, limit] as const
    const values = await this.#redis.zrangebyscore(...range)
    return Array.from({ length: values.length / 2 }, (_, index) => {
      return { partition, entry: values[2 * index] ?? '', writtenAt: Number(values[2 * index + 1]) }
    })
  }

  async #read(partition: number, entries: readonly string[]): Promise<[string, OutboxEvent][]> {
    const values = await this.#redis.hmgetBuffer(this.#keys(partition).events, ...entries)
    return values.flatMap((value, index) => (value === null ? [] : [[toId(partition, entries[index]), toEvent(value)]]))
  }

  #keys(partition: number): PartitionKeys {
    const keys = this.#partitions[partition]
    if (keys === undefined) throw new RangeError('there is no such partition')
    return keys
  }
}

/** The name of an entry outside of its partition. */
export function toId(partition: number, entry = ''): string {
  return `m${partition}-${entry}`
}

function fromId(id: string): { partition: number; entry: string }[] {
  const [, partition, entry] = /^m(\d{1,3})-(\d{16,20})$/.exec(id) ?? []
  if (entry === undefined || Number(partition) >= PARTITIONS) return []
  return [{ partition: Number(partition), entry }]
}

/** An event as the hash of events has it. */
export function fromEvent({ partition, payload }: OutboxEvent): Buffer {
  return Buffer.concat([Buffer.from(`${partition}:`), payload])
}

function toEvent(value: Buffer): OutboxEvent {
  const end = value.indexOf(':')
  if (end < 1) throw new StoreCorruptError('an entry of the outbox in Redis has another shape')
  return { partition: Number(value.toString('latin1', 0, end)), payload: value.subarray(end + 1) }
}

function sorted(pages: readonly Waiting[][]): Waiting[] {
  return pages.flat().sort((one, other) => one.writtenAt - other.writtenAt)
}

function groupByPartition(entries: readonly { partition: number; entry: string }[]): Map<number, string[]> {
  const groups = new Map<number, string[]>()
  for (const { partition, entry } of entries) {
    const group = groups.get(partition) ?? []
    group.push(entry)
    groups.set(partition, group)
  }
  return groups
}
