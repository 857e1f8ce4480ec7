import { JetStreamApiError } from '@nats-io/jetstream'
import { BusError, BusUnavailableError, EventStoreFullError } from '../errors.ts'

// Maximum bytes or messages exceeded, insufficient resources, storage of the account or the server used up.
const FULL = [10023, 10028, 10047, 10077]

/** The library's error for one of JetStream's, on a declared subject; errors of the library pass as they are. */
export function translateJetStreamError(error: unknown, subject: string): BusError {
  if (error instanceof BusError) return error
  if (error instanceof JetStreamApiError && FULL.includes(error.code)) {
    return new EventStoreFullError(`the event store of ${subject} is full`, { cause: error })
  }
  return new BusUnavailableError(`the event store of ${subject} cannot be reached`, { cause: error })
}
