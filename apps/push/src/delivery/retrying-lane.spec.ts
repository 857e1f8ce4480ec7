import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { RetryingLane } from './retrying-lane.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

/** A lane that fails for `bad` items; `rounds` are what it was asked to do, and when. */
function lane(bad: Set<number>): { lane: RetryingLane<number>; rounds: { at: number; items: readonly number[] }[] } {
  const start = Date.now()
  const rounds: { at: number; items: readonly number[] }[] = []
  const run = async (items: readonly number[]): Promise<readonly number[]> => {
    rounds.push({ at: Date.now() - start, items })
    return items.filter((item) => bad.has(item))
  }
  return { lane: new RetryingLane({ run, random: () => 0.5 }), rounds }
}

describe('RetryingLane', () => {
  it('does together what was added in the same turn', async () => {
    const { lane: made, rounds } = lane(new Set())
    for (const item of [1, 2, 3]) made.add(item)
    await jest.advanceTimersByTimeAsync(1)
    made.add(4)
    await jest.advanceTimersByTimeAsync(1)
    expect(rounds.map(({ items }) => items)).toEqual([[1, 2, 3], [4]])
  })

  it('tries again what has failed, ever more slowly, and in the same round what was added meanwhile', async () => {
    const bad = new Set([2])
    const { lane: made, rounds } = lane(bad)
    for (const item of [1, 2]) made.add(item)
    await jest.advanceTimersByTimeAsync(50)
    made.add(3)
    await jest.advanceTimersByTimeAsync(30_000)
    expect(rounds[1]?.items).toEqual([2, 3])
    const pauses = rounds.slice(1).map(({ at }, index) => at - (rounds[index]?.at ?? 0))
    expect(pauses.slice(0, 8)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
    bad.clear()
    await jest.advanceTimersByTimeAsync(5_000)
    const count = rounds.length
    await jest.advanceTimersByTimeAsync(60_000)
    expect(rounds).toHaveLength(count)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('tries everything once more when it finishes, at once, and leaves no timer', async () => {
    const { lane: made, rounds } = lane(new Set([1]))
    made.add(1)
    await jest.advanceTimersByTimeAsync(400)
    const before = rounds.length
    await made.finish()
    expect(rounds).toHaveLength(before + 1)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('finishes what fails while it is finishing', async () => {
    const { lane: made, rounds } = lane(new Set([1]))
    made.add(1)
    const finished = made.finish()
    made.add(2)
    await jest.advanceTimersByTimeAsync(1)
    await finished
    expect(rounds.map(({ items }) => items)).toEqual([[1, 2]])
  })
})
