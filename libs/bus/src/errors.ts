/** Base of every error this library throws; `code` is listed in docs/errors.md. Messages name subjects at most, never contents. */
export abstract class BusError extends Error {
  abstract readonly code: string
}

/** A subject or its options break the rules of `contract/subject.ts`: a mistake of the programmer, found at start. */
export class BadContractError extends BusError {
  override readonly name = 'BadContractError'
  readonly code = 'BUS_BAD_CONTRACT'
}

/** Bytes that do not fit the contract of their subject. Trying again with the same bytes cannot help. */
export class BadMessageError extends BusError {
  override readonly name = 'BadMessageError'
  readonly code = 'BUS_BAD_MESSAGE'
}

/** Nobody listens on the subject at this moment; the handler has not seen the request. */
export class NoResponderError extends BusError {
  override readonly name = 'NoResponderError'
  readonly code = 'BUS_NO_RESPONDER'
}

/** No answer within the time the caller gave; whether the handler has run is not known. */
export class RequestTimeoutError extends BusError {
  override readonly name = 'RequestTimeoutError'
  readonly code = 'BUS_TIMEOUT'
}

/** The responder has as many requests in flight as it may have; the handler has not seen the request. */
export class BusyError extends BusError {
  override readonly name = 'BusyError'
  readonly code = 'BUS_BUSY'
}

/** The message is longer than the transport carries. */
export class PayloadTooLargeError extends BusError {
  override readonly name = 'PayloadTooLargeError'
  readonly code = 'BUS_PAYLOAD_TOO_LARGE'
}

/** The broker or the event store cannot be reached, or is being closed; trying again later may help. */
export class BusUnavailableError extends BusError {
  override readonly name = 'BusUnavailableError'
  readonly code = 'BUS_UNAVAILABLE'
}

/** The disk or the quota of the event store is full; the event is not stored. */
export class EventStoreFullError extends BusError {
  override readonly name = 'EventStoreFullError'
  readonly code = 'BUS_EVENT_STORE_FULL'
}

/** Another durable name already consumes this event; an event is a work queue and has one. */
export class EventAlreadyConsumedError extends BusError {
  override readonly name = 'EventAlreadyConsumedError'
  readonly code = 'BUS_EVENT_ALREADY_CONSUMED'
}

/** Thrown by an event handler that wants the event again after `delayMs` and not after the usual backoff. */
export class RetryLaterError extends BusError {
  override readonly name = 'RetryLaterError'
  readonly code = 'BUS_RETRY_LATER'

  readonly delayMs: number

  constructor(delayMs: number, options?: ErrorOptions) {
    super('the event is wanted again later', options)
    this.delayMs = delayMs
  }
}

/** The code that stands for an error without one: what went wrong stays in the process where it did. */
export const HANDLER_FAILED = 'BUS_HANDLER_FAILED'

/** The handler answered with an error. `code` is the code of that error; nothing else of it crosses the bus. */
export class RemoteError extends BusError {
  override readonly name = 'RemoteError'

  readonly code: string

  constructor(code: string, subject: string) {
    super(`${subject} was answered with ${code}`)
    this.code = code
  }
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/

/**
 * The code under which `error` crosses the bus: its own when it is shaped like one, `BUS_HANDLER_FAILED` otherwise, so that
 * no free text (of a system error, say) ever leaves the process.
 */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return HANDLER_FAILED
  return typeof error.code === 'string' && CODE.test(error.code) ? error.code : HANDLER_FAILED
}

/** The error a requester sees for a reply that carries `code`. */
export function errorFromCode(code: string, subject: string): BusError {
  if (code === 'BUS_BUSY') return new BusyError(`${subject} has no free place`)
  return new RemoteError(CODE.test(code) ? code : HANDLER_FAILED, subject)
}
