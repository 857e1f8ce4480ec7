import { StoreFullError } from '../../errors.ts'
import { asBuffer } from '../../redis/as-buffer.ts'
import type { RedisClient } from '../../redis/redis-client.ts'
import { translated } from '../../redis/redis-error.ts'
import { FILTER_KEY_LENGTH, generationOf } from '../generation.ts'
import type {
  NewNotification,
  NotificationBooks,
  NotificationEnd,
  Notifications,
  TakenNotification,
  TakeOptions,
} from '../notifications.ts'
import { defineNotificationCommands, type NotificationCommands } from './commands.ts'
import { type Group, groupByQueue, sumOf } from './groups.ts'
import { type PartitionKeys, partitionKeys, partitionOf, PARTITIONS, type QueueKeys } from './keys.ts'
import { findFirst, inPartitions } from './places.ts'
import { addBooks } from './redis-books.ts'
import { PIECE } from './scripts/queue.ts'
import { type DueNotification, numberOf, toDueNotifications, toTaken } from './taken.ts'

export interface NotificationLimits {
  readonly duplicateWindowMs: number
  /** Most notifications that one queue may have in one partition. */
  readonly partitionCapacity: number
}

/** Notifications over a client that its owner ends. */
export class RedisNotifications implements Notifications {
  readonly #redis: RedisClient
  readonly #commands: NotificationCommands
  readonly #limits: NotificationLimits
  readonly #partitions: readonly PartitionKeys[]

  constructor(redis: RedisClient, prefix: string, limits: NotificationLimits) {
    this.#redis = redis
    this.#commands = defineNotificationCommands(redis)
    this.#limits = limits
    this.#partitions = Array.from({ length: PARTITIONS }, (_, partition) => partitionKeys(prefix, partition))
  }

  async accept(notifications: readonly NewNotification[], now: number): Promise<number> {
    const groups = groupByQueue(notifications, PIECE)
    const answers = await translated(() => Promise.all(groups.map((group) => this.#accept(group, now))))
    if (answers.some(([, refused]) => refused > 0)) throw new StoreFullError('the queue of a push service is full')
    return answers.reduce((sum, [accepted]) => sum + accepted, 0)
  }

  async take(service: string, { limit, now, leaseMs }: TakeOptions): Promise<readonly TakenNotification[]> {
    const due = this.#partitions.map((keys) => keys.queue(service)[0])
    const takeFrom = async (partition: number, count: number): Promise<DueNotification[]> => {
      const keys = this.#queue(partition, service)
      const values = await this.#commands.notificationsTakeBuffer(...keys, now, now + leaseMs, count)
      return toDueNotifications(service, partition, values)
    }
    return translated(async () => {
      const taken: DueNotification[] = []
      for (let wanted = limit; wanted > 0; wanted = limit - taken.length) {
        const found = inPartitions(await findFirst(this.#redis, due, now, wanted))
        const some = (
          await Promise.all(found.map(({ partition, numbers }) => takeFrom(partition, numbers.length)))
        ).flat()
        taken.push(...some)
        // Fewer than were found are left when another process was faster, and there may be others then.
        const isWhole = some.length === found.reduce((sum, { numbers }) => sum + numbers.length, 0)
        if (isWhole) break
      }
      return toTaken(taken)
    })
  }

  async end(notifications: readonly TakenNotification[], end: NotificationEnd): Promise<number> {
    const ended = groupByQueue(notifications, PIECE).map(({ service, partition, members }) => {
      const numbers = members.map(({ id }) => numberOf(id))
      return this.#commands.notificationsEnd(...this.#queue(partition, service), service, end, 'all', ...numbers)
    })
    return translated(() => sumOf(ended))
  }

  async postpone(
    { service, device, id }: TakenNotification,
    { dueAt, attempts }: { readonly dueAt: number; readonly attempts: number },
  ): Promise<void> {
    const keys = this.#queue(partitionOf(device), service)
    await translated(() => this.#commands.notificationsPostpone(...keys, numberOf(id), dueAt, attempts))
  }

  async endDevice(service: string, device: Uint8Array, acceptedUntil: number): Promise<number> {
    const keys = this.#queue(partitionOf(device), service)
    const args = [service, asBuffer(device), acceptedUntil] as const
    return translated(async () => {
      let [sum, after] = await this.#commands.notificationsEndDevice(...keys, ...args, '')
      while (after !== '') {
        const [ended, next] = await this.#commands.notificationsEndDevice(...keys, ...args, after)
        sum += ended
        after = next
      }
      return sum
    })
  }

  async endOlder(service: string, acceptedUntil: number, limit: number): Promise<number> {
    return translated(async () => {
      const ages = this.#partitions.map((keys) => keys.queue(service)[3])
      const oldest = await findFirst(this.#redis, ages, acceptedUntil, limit)
      const ended = inPartitions(oldest).map(({ partition, numbers }) =>
        this.#commands.notificationsEnd(...this.#queue(partition, service), service, 'expired', 'untaken', ...numbers),
      )
      return sumOf(ended)
    })
  }

  async nextDue(service: string): Promise<number | undefined> {
    const due = this.#partitions.map((keys) => keys.queue(service)[0])
    const first = await translated(() =>
      Promise.all(due.map((key) => this.#redis.zrangebyscore(key, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, 1))),
    )
    const times = first.flatMap(([, time]) => (time === undefined ? [] : [Number(time)]))
    return times.length === 0 ? undefined : Math.min(...times)
  }

  async books(): Promise<ReadonlyMap<string, NotificationBooks>> {
    const reading = (): Promise<Record<string, string>[]> =>
      Promise.all(this.#partitions.map(({ books }) => this.#redis.hgetall(books)))
    return addBooks(await translated(reading))
  }

  /** What was seen has a lifetime of Redis's own; that it goes in the background is what this is for. */
  async forgetDuplicates(now: number): Promise<void> {
    const current = generationOf(now, this.#limits.duplicateWindowMs)
    const forgotten = this.#partitions.map(({ seen }) => this.#redis.unlink(seen(current - 2), seen(current - 3)))
    await translated(() => Promise.all(forgotten))
  }

  async check(): Promise<void> {
    await translated(() => this.#redis.exists(partitionKeys('', 0).books))
  }

  async close(): Promise<void> {}

  #accept({ service, partition, members }: Group<NewNotification>, now: number): Promise<[number, number]> {
    const { duplicateWindowMs, partitionCapacity } = this.#limits
    const { last, seen } = this.#partition(partition)
    const current = generationOf(now, duplicateWindowMs)
    const seenKeys = [seen(current), seen(current - 1), seen(current + 1)] as const
    // A generation is looked for until the next one is over; then there is a window to spare for clocks that differ.
    const numbers = [now, partitionCapacity, 3 * duplicateWindowMs]
    const args = members.flatMap(({ duplicateKey, device, expiresAt, content }) => {
      return [asBuffer(duplicateKey.subarray(0, FILTER_KEY_LENGTH)), asBuffer(device), expiresAt, asBuffer(content)]
    })
    const keys = [...this.#queue(partition, service), last, ...seenKeys] as const
    return this.#commands.notificationsAccept(...keys, service, ...numbers, ...args)
  }

  #queue(partition: number, service: string): QueueKeys {
    return this.#partition(partition).queue(service)
  }

  #partition(partition: number): PartitionKeys {
    const keys = this.#partitions[partition]
    if (keys === undefined) throw new RangeError('there is no such partition')
    return keys
  }
}
