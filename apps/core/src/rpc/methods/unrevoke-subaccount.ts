import { swarmReply, unrevokeEntries, type UnrevokeSubaccountRequest } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `unrevoke_subaccount` (mailbox RPC §4.9). */
export const unrevokeSubaccount: AccountMethod<UnrevokeSubaccountRequest> = async ({ mailboxes }, request, call) => {
  const count = await mailboxes.unrevoke(request.account.hex, request.tokens)
  return swarmReply(unrevokeEntries(call.signers, request, count), call)
}
