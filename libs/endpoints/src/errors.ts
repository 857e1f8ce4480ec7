/** Base of every error that decides the answer to a request; `code` is listed in docs/errors.md. */
export abstract class EndpointError extends Error {
  abstract readonly code: string
  /** HTTP status of the answer. */
  abstract readonly status: number
  /** Seconds after which trying again may help. */
  readonly retryAfter: number | undefined = undefined
}

/** The client went away before its request was complete; nobody reads the answer. */
export class ClientGoneError extends EndpointError {
  override readonly name = 'ClientGoneError'
  readonly code = 'CLIENT_GONE'
  readonly status = 400
  constructor(options?: ErrorOptions) {
    super('the client closed the connection before the request was complete', options)
  }
}

/** The client sent nothing for longer than the stall deadline. */
export class RequestStalledError extends EndpointError {
  override readonly name = 'RequestStalledError'
  readonly code = 'REQUEST_STALLED'
  readonly status = 408
  constructor() {
    super('the client stopped sending in the middle of its request')
  }
}

/** The body is longer than the operation takes. */
export class RequestTooLargeError extends EndpointError {
  override readonly name = 'RequestTooLargeError'
  readonly code = 'REQUEST_TOO_LARGE'
  readonly status = 413
  constructor(readonly limit: number) {
    super(`the request body is longer than ${limit} bytes`)
  }
}

/** A sealed request cannot be opened. Deliberately one error for every cause (onion requests §5.3). */
export class SealedLayerError extends EndpointError {
  override readonly name = 'SealedLayerError'
  readonly code = 'SEALED_LAYER_UNREADABLE'
  readonly status = 400
  constructor(options?: ErrorOptions) {
    super('the sealed request cannot be opened', options)
  }
}

/** Too many bytes of requests that must be whole in memory are there already. */
export class SealedBusyError extends EndpointError {
  override readonly name = 'SealedBusyError'
  readonly code = 'SEALED_REQUESTS_BUSY'
  readonly status = 503
  override readonly retryAfter = 2
  constructor(options?: ErrorOptions) {
    super('too many requests are in memory', options)
  }
}
