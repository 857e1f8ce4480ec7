import { afterEach, describe, expect, it } from '@jest/globals'
import type { Notifications } from './notifications.ts'
import { behaveLikeTheModel } from './notifications-property.suite.ts'
import { describeAccepting } from './suite/accepting.suite.ts'
import { describeEnding } from './suite/ending.suite.ts'
import { describeLasting } from './suite/lasting.suite.ts'
import { type OpenNotifications, type StartNotifications, WINDOW } from './suite/samples.suite.ts'
import { describeTaking } from './suite/taking.suite.ts'

let places = 0

/** What every adapter of the port `Notifications` keeps. */
export function describeNotifications(name: string, open: OpenNotifications): void {
  describe(name, () => {
    const opened: Notifications[] = []
    const start: StartNotifications = async (opening = {}) => {
      const place = opening.place ?? `place-${places++}`
      const store = await open({ duplicateWindowMs: WINDOW, capacity: 1_000_000, ...opening, place })
      opened.push(store)
      return store
    }
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
    })

    describeAccepting(start)
    describeTaking(start)
    describeEnding(start)
    describeLasting(start)

    it('answers a check', async () => {
      await expect((await start()).check()).resolves.toBeUndefined()
    })

    it('may be closed twice', async () => {
      const store = await start()
      await store.close()
      await expect(store.close()).resolves.toBeUndefined()
    })

    behaveLikeTheModel(start)
  })
}
