import type { Notifications } from '#stores'
import type { Provider } from '../providers/provider.ts'

/** What a process reaches of the world: once it is killed nothing it asks for happens, and no answer arrives. */
export interface Mortal {
  readonly notifications: Notifications
  readonly provider: Provider
  readonly onDeadToken: () => Promise<void>
  kill(): void
}

/**
 * The ways out of one process. Every call to the store takes `latencyMs` to get there and as long for its answer, so that a process can die
 * before a change is made or before it learns of it.
 */
export function mortal(notifications: Notifications, provider: Provider, latencyMs: () => number): Mortal {
  let isDead = false
  const alive = (): Promise<void> => (isDead ? new Promise(() => {}) : Promise.resolve())
  const travel = async (): Promise<void> => {
    const delay = latencyMs()
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
    await alive()
  }
  const overTheWire = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    await travel()
    try {
      return await call()
    } finally {
      await travel()
    }
  }
  return {
    notifications: {
      accept: (...args) => overTheWire(() => notifications.accept(...args)),
      take: (...args) => overTheWire(() => notifications.take(...args)),
      end: (...args) => overTheWire(() => notifications.end(...args)),
      postpone: (...args) => overTheWire(() => notifications.postpone(...args)),
      endDevice: (...args) => overTheWire(() => notifications.endDevice(...args)),
      endOlder: (...args) => overTheWire(() => notifications.endOlder(...args)),
      nextDue: (...args) => overTheWire(() => notifications.nextDue(...args)),
      books: () => overTheWire(() => notifications.books()),
      forgetDuplicates: (now) => overTheWire(() => notifications.forgetDuplicates(now)),
      check: () => overTheWire(() => notifications.check()),
      close: () => overTheWire(() => notifications.close()),
    },
    provider: {
      keepsOnlyLast: provider.keepsOnlyLast,
      send: async (outgoing) => {
        await alive()
        const outcome = await provider.send(outgoing)
        await alive()
        return outcome
      },
      close: () => provider.close(),
    },
    onDeadToken: travel,
    kill: () => (isDead = true),
  }
}
