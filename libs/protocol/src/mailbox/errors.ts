/** What an admin gave to a member of a group is no valid token for that member (mailbox RPC §5.1). */
export class MemberAuthError extends Error {
  override readonly name = 'MemberAuthError'
  readonly code = 'MAILBOX_MEMBER_AUTH_INVALID'
}

/** The answer of a swarm does not have the form of the method it answers (mailbox RPC §4). */
export class SwarmReplyError extends Error {
  override readonly name = 'SwarmReplyError'
  readonly code = 'MAILBOX_SWARM_REPLY_INVALID'
}
