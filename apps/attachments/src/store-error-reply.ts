import { type EndpointReply, errorReply, statusReply } from '#endpoints'
import { StoreFullError, StoreUnavailableError } from '#stores'

/** Answers for the errors of stores and endpoints: a full store is 507, one that cannot be reached 503. */
export function storeErrorReply(error: unknown): EndpointReply {
  if (error instanceof StoreFullError) return statusReply(507, error.code)
  if (error instanceof StoreUnavailableError) return statusReply(503, error.code, { 'retry-after': '5' })
  return errorReply(error)
}
