import { getExpiriesReply, type GetExpiriesRequest } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `get_expiries` (mailbox RPC §4.8). */
export const getExpiries: AccountMethod<GetExpiriesRequest> = async ({ mailboxes }, request, call) => {
  const times = await mailboxes.times(request.account.hex, request.hashes, call.now)
  return getExpiriesReply(new Map([...times].map(([hash, { expiry }]) => [hash, expiry])))
}
