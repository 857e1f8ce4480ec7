import { expireEntries, type ExpireOutcome, type ExpireRequest, planExpire, swarmReply } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `expire` (mailbox RPC §4.7). */
export const expire: AccountMethod<ExpireRequest> = async ({ mailboxes }, request, call) => {
  const { account, hashes } = request
  let outcome: ExpireOutcome = { updated: new Map(), unchanged: new Map() }
  await mailboxes.changeExpiries(
    account.hex,
    hashes,
    (stored) => {
      outcome = planExpire(request, stored, call.now)
      return outcome.updated
    },
    call.now,
  )
  return swarmReply(expireEntries(call.signers, request, outcome, call.now), call)
}
