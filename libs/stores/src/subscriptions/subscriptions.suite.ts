import { afterEach, describe, expect, it } from '@jest/globals'
import type { Subscriptions } from './subscriptions.ts'
import { behaveLikeTheModel } from './subscriptions-property.suite.ts'
import { describeCounting } from './suite/counting.suite.ts'
import { describeExpiring } from './suite/expiring.suite.ts'
import { describeMatching } from './suite/matching.suite.ts'
import { describePutting } from './suite/putting.suite.ts'
import { describeRemoving } from './suite/removing.suite.ts'
import { describeUnsubscribing } from './suite/unsubscribing.suite.ts'
import { LIMITS, type OpenSubscriptions, type StartSubscriptions } from './suite/samples.suite.ts'

let places = 0

/** What every adapter of the port `Subscriptions` keeps. */
export function describeSubscriptions(name: string, open: OpenSubscriptions): void {
  describe(name, () => {
    const opened: Subscriptions[] = []
    const start: StartSubscriptions = async (opening = {}) => {
      const subscriptions = await open({ place: `place-${places++}`, ...LIMITS, ...opening })
      opened.push(subscriptions)
      return subscriptions
    }
    afterEach(async () => {
      for (const subscriptions of opened.splice(0)) await subscriptions.close()
    })

    describePutting(start)
    describeMatching(start)
    describeRemoving(start)
    describeUnsubscribing(start)
    describeExpiring(start)
    describeCounting(start)

    it('answers a check', async () => {
      await expect((await start()).check()).resolves.toBeUndefined()
    })

    it('may be closed twice', async () => {
      const subscriptions = await start()
      await subscriptions.close()
      await expect(subscriptions.close()).resolves.toBeUndefined()
    })

    behaveLikeTheModel(start)
  })
}
