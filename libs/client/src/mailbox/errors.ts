import { ClientError } from '../errors.ts'

/** No node of the network names nodes in the list that serve the account. */
export class SwarmUnavailableError extends ClientError {
  override readonly name = 'SwarmUnavailableError'
  readonly code = 'CLIENT_SWARM_UNAVAILABLE'
  constructor(options?: ErrorOptions) {
    super('the network names no usable nodes for this account; try again later', options)
  }
}

/** The node that the caller chose is not in the node list. */
export class NodeUnknownError extends ClientError {
  override readonly name = 'NodeUnknownError'
  readonly code = 'CLIENT_NODE_UNKNOWN'
  constructor() {
    super('there is no such node in the network; list its nodes and choose one of them')
  }
}

/** A node's answer does not say what it must (mailbox RPC §4). */
export class MailboxReplyError extends ClientError {
  override readonly name = 'MailboxReplyError'
  readonly code = 'CLIENT_MAILBOX_REPLY'
  constructor(options?: ErrorOptions) {
    super('the answer of the node is not what the protocol says; try again, or update the client', options)
  }
}

/** No node of the swarm confirms with its signature that it did what was asked. */
export class SwarmUnconfirmedError extends ClientError {
  override readonly name = 'SwarmUnconfirmedError'
  readonly code = 'CLIENT_SWARM_UNCONFIRMED'
  constructor() {
    super('no node of the swarm confirmed that the request was carried out; try again later')
  }
}

/** Nobody has registered the name. */
export class NameNotFoundError extends ClientError {
  override readonly name = 'NameNotFoundError'
  readonly code = 'CLIENT_NAME_NOT_FOUND'
  constructor() {
    super('the name is not registered; check its spelling')
  }
}

/** The nodes disagree about a name, or what they say of it cannot be opened. */
export class NameDisputedError extends ClientError {
  override readonly name = 'NameDisputedError'
  readonly code = 'CLIENT_NAME_DISPUTED'
  constructor(options?: ErrorOptions) {
    super('the nodes give no trustworthy answer for the name; try again, or use the account id itself', options)
  }
}
