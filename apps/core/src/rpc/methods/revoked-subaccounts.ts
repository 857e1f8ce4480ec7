import { revokedSubaccountsReply, type RevokedSubaccountsRequest } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `revoked_subaccounts` (mailbox RPC §4.10). */
export const revokedSubaccounts: AccountMethod<RevokedSubaccountsRequest> = async ({ mailboxes }, request, call) => {
  return revokedSubaccountsReply(await mailboxes.revokedTokens(request.account.hex), call)
}
