import { bulkEntries, type ExpireAllRequest, MAX_TTL_MS, swarmReply } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `expire_all` (mailbox RPC §4.6). */
export const expireAll: AccountMethod<ExpireAllRequest> = async ({ mailboxes }, request, call) => {
  const { account, namespace, expiry } = request
  // No message expires that late, so a larger number, which the store could not hold, shortens nothing either.
  const latest = Math.min(Number(expiry), call.now + 2 * MAX_TTL_MS)
  const updated = await mailboxes.shorten(account.hex, namespace, latest, call.now)
  return swarmReply(bulkEntries(call.signers, request, updated), call)
}
