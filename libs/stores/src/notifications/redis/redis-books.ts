import { StoreCorruptError } from '../../errors.ts'
import { NOTIFICATION_ENDS, type NotificationBooks } from '../notifications.ts'

/** The books of all partitions added up: each has `<service>:accepted` and `<service>:<end>`. */
export function addBooks(
  partitions: readonly Readonly<Record<string, string>>[],
): ReadonlyMap<string, NotificationBooks> {
  const sums = new Map<string, Map<string, number>>()
  for (const [field, value] of partitions.flatMap((fields) => Object.entries(fields))) {
    const colon = field.lastIndexOf(':')
    const service = field.slice(0, colon)
    const counts = sums.get(service) ?? new Map<string, number>()
    const name = field.slice(colon + 1)
    counts.set(name, (counts.get(name) ?? 0) + toCount(value))
    sums.set(service, counts)
  }
  return new Map([...sums].map(([service, counts]) => [service, toBooks(counts)]))
}

function toBooks(counts: ReadonlyMap<string, number>): NotificationBooks {
  const count = (name: string): number => counts.get(name) ?? 0
  const [handedOver, expired, tokenDead, givenUp] = NOTIFICATION_ENDS.map(count) as [number, number, number, number]
  const ends = { 'handed-over': handedOver, expired, 'token-dead': tokenDead, 'given-up': givenUp }
  const accepted = count('accepted')
  return { accepted, ends, waiting: accepted - handedOver - expired - tokenDead - givenUp }
}

function toCount(value: string): number {
  if (!/^\d+$/.test(value)) throw new StoreCorruptError('the books of notifications in Redis have another shape')
  return Number(value)
}
