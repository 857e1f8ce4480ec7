import { MAX_REVOKED_TOKENS, revokeEntries, type RevokeSubaccountRequest, swarmReply } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `revoke_subaccount` (mailbox RPC §4.9). */
export const revokeSubaccount: AccountMethod<RevokeSubaccountRequest> = async ({ mailboxes }, request, call) => {
  await mailboxes.revoke(request.account.hex, request.tokens, MAX_REVOKED_TOKENS)
  return swarmReply(revokeEntries(call.signers, request), call)
}
