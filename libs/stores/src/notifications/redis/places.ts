import type { RedisClient } from '../../redis/redis-client.ts'
import { inPieces } from './groups.ts'
import { PIECE } from './scripts/queue.ts'

export interface Place {
  readonly partition: number
  readonly number: string
  readonly time: number
}

/**
 * Where the first `limit` notifications up to a time are, in order; `keys` are a sorted set of each partition, of which one page is asked for, all
 * side by side.
 */
export async function findFirst(
  redis: RedisClient,
  keys: readonly string[],
  until: number,
  limit: number,
): Promise<Place[]> {
  if (limit === 0) return []
  const range = ['-inf', until, 'WITHSCORES', 'LIMIT', 0, limit] as const
  const pages = await Promise.all(keys.map((key) => redis.zrangebyscore(key, ...range)))
  const places = pages.flatMap(toPlaces)
  places.sort((one, other) => one.time - other.time || (one.number < other.number ? -1 : 1))
  return places.slice(0, limit)
}

/** The numbers of places by partition, in order and in pieces that a script handles at a time. */
export function inPartitions(places: readonly Place[]): { partition: number; numbers: string[] }[] {
  const groups = new Map<number, string[]>()
  for (const { partition, number } of places) {
    const numbers = groups.get(partition) ?? []
    numbers.push(number)
    groups.set(partition, numbers)
  }
  return [...groups].flatMap(([partition, all]) => inPieces(all, PIECE).map((numbers) => ({ partition, numbers })))
}

function toPlaces(values: readonly string[], partition: number): Place[] {
  return Array.from({ length: values.length / 2 }, (_, index) => {
    return { partition, number: values[2 * index] ?? '', time: Number(values[2 * index + 1]) }
  })
}
