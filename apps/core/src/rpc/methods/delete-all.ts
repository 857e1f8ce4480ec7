import { bulkEntries, type DeleteAllRequest, swarmReply } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `delete_all` (mailbox RPC §4.4). */
export const deleteAll: AccountMethod<DeleteAllRequest> = async ({ mailboxes }, request, call) => {
  const { account, namespace } = request
  const deleted = await mailboxes.deleteRange(account.hex, { namespace }, call.now)
  return swarmReply(bulkEntries(call.signers, request, deleted), call)
}
