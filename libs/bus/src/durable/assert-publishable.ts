import type { EventDefinition } from '../contract/definition.ts'
import { BadContractError, PayloadTooLargeError } from '../errors.ts'
import type { PublishOptions } from './durable-events.ts'

// Visible ASCII: the id travels in a header.
const DEDUPLICATION_ID = /^[\x21-\x7e]{1,128}$/

/** Throws unless the event is durable, its deduplication id fits and its payload is at most `maxPayload` bytes. */
export function assertPublishable(
  event: EventDefinition<unknown>,
  options: PublishOptions,
  payload: Uint8Array,
  maxPayload: number,
): void {
  if (event.delivery !== 'durable') throw new BadContractError(`${event.subject} is not durable`)
  if (!DEDUPLICATION_ID.test(options.deduplicationId)) {
    throw new BadContractError('a deduplication id is 1 to 128 visible ASCII characters')
  }
  if (payload.length > maxPayload) throw new PayloadTooLargeError(`the event on ${event.subject} is too large`)
}
