import { messageCost, pageLimits, retrieveReply, type RetrieveRequest } from '#protocol'
import type { AccountMethod } from '../account-method.ts'

/** `retrieve`, without waiting (mailbox RPC §4.2). */
export const retrieve: AccountMethod<RetrieveRequest> = async ({ mailboxes }, request, call) => {
  const { account, namespace, lastHash, maxCount, maxSize } = request
  const { count, size } = pageLimits(maxCount, maxSize)
  const limits = { count, size: Math.floor(size * call.pageShare), overhead: messageCost(0) }
  const query = { account: account.hex, namespace, limits, ...(lastHash !== undefined && { after: lastHash }) }
  const { messages, more } = await mailboxes.retrieve(query, call.now)
  return retrieveReply(messages, more, call)
}
