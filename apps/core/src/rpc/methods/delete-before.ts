import { bulkEntries, type DeleteBeforeRequest, swarmReply } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `delete_before` (mailbox RPC §4.5). */
export const deleteBefore: AccountMethod<DeleteBeforeRequest> = async ({ mailboxes }, request, call) => {
  const { account, namespace, before } = request
  const deleted = await mailboxes.deleteRange(account.hex, { namespace, until: Number(before) }, call.now)
  return swarmReply(bulkEntries(call.signers, request, deleted), call)
}
