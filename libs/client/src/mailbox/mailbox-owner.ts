import type { AccountId, RequestSigner } from '#protocol'

/** Whose mailbox: with the key to it, or by its name alone where anybody may store or retrieve. */
export type MailboxOwner = RequestSigner | AccountId

/** Whether the owner has the key. */
export function isSigner(owner: MailboxOwner): owner is RequestSigner {
  return 'authenticate' in owner
}

/** The account of an owner with or without key. */
export function accountOf(owner: MailboxOwner): AccountId {
  return isSigner(owner) ? owner.account : owner
}
