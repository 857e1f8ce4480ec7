/** Base of every error of the gateway; `code` is listed in docs/errors.md. */
export abstract class GatewayError extends Error {
  abstract readonly code: string
}

/** A request that is refused before its contents are looked at; the message is the body of the answer (onion requests §8.1). */
export abstract class RefusedError extends GatewayError {
  abstract readonly status: number
}

/** The body is, or announces to be, longer than the limit. */
export class BodyTooLargeError extends RefusedError {
  override readonly name = 'BodyTooLargeError'
  readonly code = 'GATEWAY_BODY_TOO_LARGE'
  readonly status = 413
  constructor() {
    super('Request body too large')
  }
}

/** The gateway holds as many requests, or as many bytes of them, as it may. */
export class ServerBusyError extends RefusedError {
  override readonly name = 'ServerBusyError'
  readonly code = 'GATEWAY_BUSY'
  readonly status = 503
  constructor() {
    super('Server busy, try again later')
  }
}

/** The gateway has not started yet or is shutting down. */
export class GatewayNotReadyError extends RefusedError {
  override readonly name = 'GatewayNotReadyError'
  readonly code = 'GATEWAY_NOT_READY'
  readonly status = 503
  constructor(reason: string) {
    super(`Service node is not ready: ${reason}\n`)
  }
}

/** The client has sent more storage requests than it may, or too many clients do. */
export class TooManyRequestsError extends RefusedError {
  override readonly name = 'TooManyRequestsError'
  readonly code = 'GATEWAY_RATE_LIMITED'
  readonly status = 429
  constructor() {
    super('Too Many Requests\n')
  }
}

/** The client went away, or was cut off, before its request was complete; nobody reads an answer. */
export class RequestAbortedError extends GatewayError {
  override readonly name = 'RequestAbortedError'
  readonly code = 'GATEWAY_REQUEST_ABORTED'
  constructor(options?: ErrorOptions) {
    super('the request ended before its body was complete', options)
  }
}

/** The file with the TLS certificates of the nodes is unusable. */
export class CertificateFileError extends GatewayError {
  override readonly name = 'CertificateFileError'
  readonly code = 'GATEWAY_CERTIFICATES_INVALID'
  constructor(options?: ErrorOptions) {
    super(
      'The TLS certificates in SOTTO_DATA_DIR are unreadable: delete gateway/node-certificates.json to get new ones',
      options,
    )
  }
}
