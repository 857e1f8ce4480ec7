import { deleteEntries, deleteReply, type DeleteRequest } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `delete` (mailbox RPC §4.3). */
export const deleteMessages: AccountMethod<DeleteRequest> = async ({ mailboxes }, request, call) => {
  const deleted = await mailboxes.delete(request.account.hex, request.hashes, call.now)
  return deleteReply(request, deleteEntries(call.signers, request, deleted), deleted.length > 0, call)
}
