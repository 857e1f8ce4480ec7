import type { RedisClient } from '../../redis/redis-client.ts'
import { inPieces } from './groups.ts'
import { PIECE } from './scripts/queue.ts'

export interface Place {
  readonly partition: number
  readonly number: string
  readonly time: number
}

/** Places asked of a partition at first: enough when a backlog is spread over all. */
function firstPage(limit: number): number {
  return Math.min(limit, Math.max(16, Math.ceil(limit / 4)))
}

/**
 * Where the first `limit` notifications up to a time are, in order; `keys` are a sorted set of each partition. All are asked side by side, those that
 * have more among the first again.
 */
export async function findFirst(
  redis: RedisClient,
  keys: readonly string[],
  until: number,
  limit: number,
): Promise<Place[]> {
  if (limit === 0) return []
  const ask = async (partition: number, key: string, count: number): Promise<Place[]> =>
    toPlaces(partition, await redis.zrangebyscore(key, '-inf', until, 'WITHSCORES', 'LIMIT', 0, count))
  const size = firstPage(limit)
  const pages = await Promise.all(keys.map((key, partition) => ask(partition, key, size)))
  const latest = pages.flat().sort(inOrder)[limit - 1]
  const whole = keys.map(async (key, partition) => {
    const page = pages[partition] ?? []
    const last = page.at(-1)
    const isCut = page.length === size && size < limit && last !== undefined
    return isCut && (latest === undefined || inOrder(last, latest) < 0) ? ask(partition, key, limit) : page
  })
  return (await Promise.all(whole)).flat().sort(inOrder).slice(0, limit)
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

function toPlaces(partition: number, values: readonly string[]): Place[] {
  return Array.from({ length: values.length / 2 }, (_, index) => {
    return { partition, number: values[2 * index] ?? '', time: Number(values[2 * index + 1]) }
  })
}

function inOrder(one: Place, other: Place): number {
  return one.time - other.time || (one.number < other.number ? -1 : 1)
}
