import { describe, expect, it } from '@jest/globals'
import { createUpkeep } from './upkeep.ts'

describe('the upkeep', () => {
  it('removes in steps of 100 until nothing is left, of each service what is too old', async () => {
    const done = Promise.withResolvers<void>()
    const left = new Map([
      ['subscriptions', 250],
      ['firebase', 100],
      ['apns', 3],
    ])
    const steps: unknown[][] = []
    const remove = (what: string, until: number, limit: number): number => {
      const removed = Math.min(limit, left.get(what) ?? 0)
      left.set(what, (left.get(what) ?? 0) - removed)
      steps.push([what, until, removed])
      return removed
    }
    const reported: unknown[][] = []
    const upkeep = createUpkeep({
      subscriptions: { removeExpired: async (now, limit) => remove('subscriptions', now, limit) },
      notifications: {
        endOlder: async (service, until, limit) => remove(service, until, limit),
        forgetDuplicates: async () => done.resolve(),
      },
      services: ['firebase', 'apns', 'log'],
      now: () => 5_000,
      intervalMs: 1,
      timeToLiveMs: 1_000,
      subscriptionsExpired: (count) => void reported.push(['subscriptions', count]),
      notificationsExpired: (service, count) => void reported.push([service, count]),
      failed: (error) => {
        throw error
      },
    })
    upkeep.start()
    await done.promise
    await upkeep.stop()
    expect(steps).toEqual([
      ['subscriptions', 5_000, 100],
      ['subscriptions', 5_000, 100],
      ['subscriptions', 5_000, 50],
      ['firebase', 4_000, 100],
      ['firebase', 4_000, 0],
      ['apns', 4_000, 3],
      ['log', 4_000, 0],
    ])
    expect(reported).toEqual([
      ['subscriptions', 250],
      ['firebase', 100],
      ['apns', 3],
    ])
  })
})
