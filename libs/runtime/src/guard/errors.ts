import { RuntimeError } from '../errors/runtime-error.ts'

/** The destination is neither allowed by name nor at a public address. */
export class DestinationRefusedError extends RuntimeError {
  override readonly name = 'DestinationRefusedError'
  readonly code = 'DESTINATION_REFUSED'
}

/** The name does not resolve, or the connection fails. */
export class DestinationUnreachableError extends RuntimeError {
  override readonly name = 'DestinationUnreachableError'
  readonly code = 'DESTINATION_UNREACHABLE'
}

/** No complete answer within the deadline. */
export class DestinationTimeoutError extends RuntimeError {
  override readonly name = 'DestinationTimeoutError'
  readonly code = 'DESTINATION_TIMEOUT'
}

/** The answer is longer than it may be. */
export class DestinationReplyTooLargeError extends RuntimeError {
  override readonly name = 'DestinationReplyTooLargeError'
  readonly code = 'DESTINATION_REPLY_TOO_LARGE'
}
