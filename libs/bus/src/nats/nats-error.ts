import { errors } from '@nats-io/transport-node'
import { BusUnavailableError, NoResponderError, RequestTimeoutError, type BusError } from '../errors.ts'

/** The library's error for one of the NATS client's, on a declared subject. */
export function translateNatsError(error: unknown, subject: string): BusError {
  if (error instanceof errors.RequestError && error.isNoResponders()) {
    return new NoResponderError(`nobody listens on ${subject}`, { cause: error })
  }
  if (error instanceof errors.TimeoutError) {
    return new RequestTimeoutError(`no answer on ${subject} in time`, { cause: error })
  }
  return new BusUnavailableError(`${subject} cannot be reached`, { cause: error })
}

/** Header that carries the code of an error; a reply without it is a value. */
export const ERROR_HEADER = 'Sotto-Error'
