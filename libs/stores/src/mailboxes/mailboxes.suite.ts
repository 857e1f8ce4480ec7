import { afterEach, describe, expect, it } from '@jest/globals'
import type { Mailboxes } from './mailboxes.ts'
import { behaveLikeTheModel } from './mailboxes-property.suite.ts'
import { describeExpiries } from './suite/expiries.suite.ts'
import { describeOutbox } from './suite/outbox.suite.ts'
import { describeQuota } from './suite/quota.suite.ts'
import { describeRemoving } from './suite/removing.suite.ts'
import { describeRetrieving } from './suite/retrieving.suite.ts'
import { describeRevocations } from './suite/revocations.suite.ts'
import { describeStoring } from './suite/storing.suite.ts'
import { type OpenMailboxes, ROOMY, type StartMailboxes } from './suite/samples.suite.ts'

export type { OpenMailboxes, Opening } from './suite/samples.suite.ts'

let places = 0

/** What every adapter of the port `Mailboxes` keeps. */
export function describeMailboxes(name: string, open: OpenMailboxes): void {
  describe(name, () => {
    const opened: Mailboxes[] = []
    const start: StartMailboxes = async (quota = ROOMY, place = `place-${places++}`) => {
      const mailboxes = await open({ place, quota })
      opened.push(mailboxes)
      return mailboxes
    }
    afterEach(async () => {
      for (const mailboxes of opened.splice(0)) await mailboxes.close()
    })

    describeStoring(start)
    describeRetrieving(start)
    describeRemoving(start)
    describeExpiries(start)
    describeQuota(start)
    describeRevocations(start)
    describeOutbox(start)

    it('answers a check', async () => {
      await expect((await start()).check()).resolves.toBeUndefined()
    })

    it('may be closed twice', async () => {
      const mailboxes = await start()
      await mailboxes.close()
      await expect(mailboxes.close()).resolves.toBeUndefined()
    })

    behaveLikeTheModel(start)
  })
}
