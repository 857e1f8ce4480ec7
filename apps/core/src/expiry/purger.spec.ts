import { describe, expect, it } from '@jest/globals'
import { Purger } from './purger.ts'

describe('Purger', () => {
  const expired = (
    count: number,
  ): { left: number; steps: number; removeExpired(now: number, limit: number): Promise<number> } => ({
    left: count,
    steps: 0,
    async removeExpired(_now, limit) {
      this.steps++
      const removed = Math.min(limit, this.left)
      this.left -= removed
      return removed
    },
  })

  it.each([
    [0, 1],
    [99, 1],
    [100, 2],
    [1_000, 11],
  ])('removes %i messages in %i steps', async (count, steps) => {
    const mailboxes = expired(count)
    const purged: number[] = []
    const purger = new Purger({
      mailboxes,
      now: () => 5,
      intervalMs: 1,
      purged: (n) => void purged.push(n),
      failed: () => undefined,
    })
    await purger.purge()
    expect([mailboxes.left, mailboxes.steps, purged]).toEqual([0, steps, count === 0 ? [] : [count]])
  })

  it('goes on after a failure and ends when it is stopped', async () => {
    const errors: unknown[] = []
    const second = Promise.withResolvers<void>()
    let calls = 0
    const mailboxes = {
      async removeExpired() {
        calls++
        if (calls === 1) throw new Error('away')
        second.resolve()
        return 0
      },
    }
    const failed = (error: unknown): void => void errors.push(error)
    const purger = new Purger({ mailboxes, now: () => 5, intervalMs: 1, purged: () => undefined, failed })
    purger.start()
    await second.promise
    await purger.stop()
    const before = calls
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(calls).toBe(before)
    expect(errors).toHaveLength(1)
  })
})
