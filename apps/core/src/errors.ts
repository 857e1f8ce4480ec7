/** The store of the mailboxes cannot be used; the message is one sentence for the operator. */
export class MailboxStoreError extends Error {
  override readonly name = 'MailboxStoreError'
  readonly code = 'MAILBOX_STORE_UNUSABLE'

  /** @param where the data directory, or what else the store is called */
  constructor(where: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : 'unknown error'
    super(`The mailboxes in ${where} cannot be used: ${reason.replace(/\.$/, '')}.`, { cause })
  }
}
