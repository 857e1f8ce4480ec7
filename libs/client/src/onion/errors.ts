import { ClientError } from '../errors.ts'

/** A hop answered in the clear that the request did not get through. */
export class PathFailedError extends ClientError {
  override readonly name = 'PathFailedError'
  readonly code = 'CLIENT_PATH_FAILED'
  constructor(readonly status: number) {
    super(`a node on the way refused the request (status ${status}); try again`)
  }
}

/** A hop said that it does not know the node it should pass the request on to, or cannot reach it. */
export class NextNodeError extends ClientError {
  override readonly name = 'NextNodeError'
  readonly code = 'CLIENT_NEXT_NODE'
  constructor() {
    super('a node on the way has left the network; try again')
  }
}

/** The exit could not reach the server. No node is to blame. */
export class ServerUnreachableError extends ClientError {
  override readonly name = 'ServerUnreachableError'
  readonly code = 'CLIENT_SERVER_UNREACHABLE'
  constructor() {
    super('the network cannot reach that server; check the URL, or ask the operator whether the exit may reach it')
  }
}

/** The answer was empty or could not be opened with the key of the request. */
export class ReplyUnreadableError extends ClientError {
  override readonly name = 'ReplyUnreadableError'
  readonly code = 'CLIENT_REPLY_UNREADABLE'
  constructor(options?: ErrorOptions) {
    super('the answer could not be opened; try again, and check the server key if that does not help', options)
  }
}

/** The destination, or somebody on the way, says that the time of the request is wrong. */
export class ClockOutOfSyncError extends ClientError {
  override readonly name = 'ClockOutOfSyncError'
  readonly code = 'CLIENT_CLOCK_OUT_OF_SYNC'
  constructor() {
    super('the clock of this device differs from the network time; set it and try again')
  }
}

/** The body of an answer was exactly `Oxen Server error`. */
export class ServerFaultError extends ClientError {
  override readonly name = 'ServerFaultError'
  readonly code = 'CLIENT_SERVER_FAULT'
  constructor() {
    super('the server has an internal fault; try again later')
  }
}

/** The request is longer than nodes accept. */
export class RequestTooLargeError extends ClientError {
  override readonly name = 'RequestTooLargeError'
  readonly code = 'CLIENT_REQUEST_TOO_LARGE'
  constructor() {
    super('the request is larger than the network carries (10,485,760 bytes); send something smaller')
  }
}

/** The node that should answer is not in the network any more. */
export class NodeGoneError extends ClientError {
  override readonly name = 'NodeGoneError'
  readonly code = 'CLIENT_NODE_GONE'
  constructor() {
    super('the node that should answer has left the network; ask another one')
  }
}

/** The node does not serve the account that was asked for; `swarm` are the Ed25519 keys, in hex, of those that do. */
export class WrongSwarmError extends ClientError {
  override readonly name = 'WrongSwarmError'
  readonly code = 'CLIENT_WRONG_SWARM'
  constructor(readonly swarm: readonly string[]) {
    super('the node does not serve this account; ask one of its swarm')
  }
}

/** The node refuses the signature of the request. */
export class UnauthorizedError extends ClientError {
  override readonly name = 'UnauthorizedError'
  readonly code = 'CLIENT_UNAUTHORIZED'
  constructor() {
    super('the network refuses the signature of the request; check that the account may do this')
  }
}

/** The node calls the request malformed. */
export class NodeRejectedError extends ClientError {
  override readonly name = 'NodeRejectedError'
  readonly code = 'CLIENT_NODE_REJECTED'
  constructor() {
    super('the node calls the request malformed; update the client')
  }
}

/** The node answered with an error status of its own. */
export class NodeFailedError extends ClientError {
  override readonly name = 'NodeFailedError'
  readonly code = 'CLIENT_NODE_FAILED'
  constructor(readonly status: number) {
    super(`the node could not serve the request (status ${status}); try again later`)
  }
}
