/** Base of every error of this library; `code` is listed in docs/errors.md, the message says what a person can do. */
export abstract class ClientError extends Error {
  abstract readonly code: string
}

/** A peer could not be reached, or its answer broke off, came too late or was longer than any answer may be. */
export class TransportError extends ClientError {
  override readonly name = 'TransportError'
  readonly code = 'CLIENT_TRANSPORT_FAILED'
}

/** The caller aborted the request. */
export class RequestAbortedError extends ClientError {
  override readonly name = 'RequestAbortedError'
  readonly code = 'CLIENT_ABORTED'
  constructor(options?: ErrorOptions) {
    super('the request was aborted', options)
  }
}

/** The time the caller gave is over. `cause` is what failed last. */
export class DeadlineExceededError extends ClientError {
  override readonly name = 'DeadlineExceededError'
  readonly code = 'CLIENT_DEADLINE_EXCEEDED'
  constructor(options?: ErrorOptions) {
    super('the network did not answer in time; check the connection and try again', options)
  }
}
