import { PeriodicTask } from '#runtime'
import type { Notifications, Subscriptions } from '#stores'

export interface UpkeepOptions {
  readonly subscriptions: Pick<Subscriptions, 'removeExpired'>
  readonly notifications: Pick<Notifications, 'endOlder' | 'forgetDuplicates'>
  readonly services: readonly string[]
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Between two runs, in milliseconds. */
  readonly intervalMs: number
  /** How long a notification may wait, in milliseconds. */
  readonly timeToLiveMs: number
  readonly subscriptionsExpired: (count: number) => void
  readonly notificationsExpired: (service: string, count: number) => void
  readonly failed: (error: unknown) => void
}

/** What one step removes: few enough that no request waits noticeably for it. */
const STEP = 100

/**
 * Gives room back in small steps: subscriptions whose time is over, notifications that have waited too long for a provider that is away, and
 * what the duplicate filter need not remember.
 */
export function createUpkeep(options: UpkeepOptions): PeriodicTask {
  const { subscriptions, notifications, services, now, intervalMs, timeToLiveMs, failed } = options
  return new PeriodicTask({
    intervalMs,
    failed,
    async run(isStopped) {
      const at = now()
      const expired = await inSteps(isStopped, () => subscriptions.removeExpired(at, STEP))
      if (expired > 0) options.subscriptionsExpired(expired)
      for (const service of services) {
        const ended = await inSteps(isStopped, () => notifications.endOlder(service, at - timeToLiveMs, STEP))
        if (ended > 0) options.notificationsExpired(service, ended)
      }
      await notifications.forgetDuplicates(at)
    },
  })
}

async function inSteps(isStopped: () => boolean, step: () => Promise<number>): Promise<number> {
  let total = 0
  for (let removed = STEP; removed === STEP && !isStopped();) {
    removed = await step()
    total += removed
    // Requests that have come meanwhile go first.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return total
}
