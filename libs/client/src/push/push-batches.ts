import { encodePushRequests, MAX_PUSH_REQUEST_LENGTH } from '#protocol'

/** Requests in one array (push §8). */
export const MAX_BATCH = 100

type BuiltRequest = Parameters<typeof encodePushRequests>[0]

/** Splits into runs of at most 100 that fit into one body of 100,000 bytes together (push §1.2); one that is too long stands alone. */
export function inBatches<T>(items: readonly T[], build: (item: T) => BuiltRequest): readonly (readonly T[])[] {
  const batches: T[][] = []
  let room = 0
  for (const item of items) {
    const length = encodePushRequests(build(item)).length + 1
    const last = batches.at(-1)
    if (last === undefined || last.length >= MAX_BATCH || length > room) {
      batches.push([item])
      room = MAX_PUSH_REQUEST_LENGTH - 1 - length
    } else {
      last.push(item)
      room -= length
    }
  }
  return batches
}
