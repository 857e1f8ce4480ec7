import { describe, expect, it } from '@jest/globals'
import { createPurger } from './purger.ts'

describe('the purger', () => {
  it.each([
    [0, 1],
    [99, 1],
    [100, 2],
    [1_000, 11],
  ])('removes %i messages in %i steps', async (count, expectedSteps) => {
    let [left, steps] = [count, 0]
    const once = Promise.withResolvers<void>()
    const mailboxes = {
      async removeExpired(_now: number, limit: number) {
        if (++steps === expectedSteps) once.resolve()
        const removed = Math.min(limit, left)
        left -= removed
        return removed
      },
    }
    const purged: number[] = []
    const purger = createPurger({
      mailboxes,
      now: () => 5,
      intervalMs: 1,
      purged: (n) => void purged.push(n),
      failed: (error) => {
        throw error
      },
    })
    purger.start()
    await once.promise
    await purger.stop()
    expect([left, steps, purged]).toEqual([0, expectedSteps, count === 0 ? [] : [count]])
  })
})
