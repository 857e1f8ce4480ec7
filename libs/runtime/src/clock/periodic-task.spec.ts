import { describe, expect, it } from '@jest/globals'
import { PeriodicTask } from './periodic-task.ts'

describe('PeriodicTask', () => {
  it('runs again after a failure, one run at a time', async () => {
    const errors: unknown[] = []
    const done = Promise.withResolvers<void>()
    let [runs, atOnce] = [0, 0]
    const task = new PeriodicTask({
      intervalMs: 1,
      async run() {
        expect(++atOnce).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 5))
        atOnce--
        if (++runs === 3) done.resolve()
        if (runs === 1) throw new Error('away')
      },
      failed: (error) => void errors.push(error),
    })
    task.start()
    await done.promise
    await task.stop()
    expect(errors).toHaveLength(1)
  })

  it('waits for the run under way when it is stopped, and starts no other', async () => {
    const begun = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    let [runs, sawStop] = [0, false]
    const task = new PeriodicTask({
      intervalMs: 1,
      async run(isStopped) {
        runs++
        begun.resolve()
        await released.promise
        sawStop = isStopped()
      },
      failed: (error) => {
        throw error
      },
    })
    task.start()
    await begun.promise
    const stopped = task.stop()
    released.resolve()
    await stopped
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect([runs, sawStop]).toEqual([1, true])
  })
})
