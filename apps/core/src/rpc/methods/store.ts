import {
  isConfiguration,
  isPublicOutbox,
  messageHash,
  RpcError,
  storeEntries,
  storeReply,
  type StoreRequest,
} from '#protocol'
import type { NewMessage } from '#stores'
import { describeMessage } from '../../events/describe-message.ts'
import type { AccountMethod } from '../account-method.ts'

/** What the sender of a message reads when the mailbox has no room for it. */
export const MAILBOX_QUOTA_EXCEEDED = 'MAILBOX_QUOTA_EXCEEDED'

/** `store` (mailbox RPC §4.1). Throws `RpcError` 429 when quota leaves no room. */
export const store: AccountMethod<StoreRequest> = async (context, request, call) => {
  const { crypto, mailboxes, newMessages, signatures } = context
  const { account, namespace, timestamp, expiry, data } = request
  const hash = messageHash(crypto, account, namespace, data)
  const message: NewMessage = {
    account: account.hex,
    namespace,
    hash,
    timestamp,
    expiry,
    data,
    replacesNamespace: isPublicOutbox(namespace),
    isProtected: isConfiguration(namespace),
    event: describeMessage(request, hash),
  }
  const signed = signatures.sign(hash, call.signers)
  const outcome = await mailboxes.store(message, call.now)
  if (outcome.outcome === 'refused') throw new RpcError(429, MAILBOX_QUOTA_EXCEEDED)
  if (outcome.outcome === 'stored') newMessages.stored(request, { ...message.event, id: outcome.outboxId }, outcome)
  const result = { hash, expiry: outcome.expiry, wasStored: outcome.outcome === 'known' }
  return storeReply(hash, storeEntries(await signed, result), call.entryNode, call)
}
