import type { EndpointReply } from './endpoint.ts'
import { EndpointError } from './errors.ts'
import { statusReply } from './replies.ts'
import { INTERNAL_ERROR } from './codes.ts'

/** What an error that left an endpoint is answered with. An app extends it by the errors of its own stores. */
export type ErrorReply = (error: unknown) => EndpointReply

/** Errors of this library with their own status; every other one is 500. */
export function errorReply(error: unknown): EndpointReply {
  if (!(error instanceof EndpointError)) return statusReply(500, INTERNAL_ERROR)
  const headers: Record<string, string> =
    error.retryAfter === undefined ? {} : { 'retry-after': error.retryAfter.toString() }
  return statusReply(error.status, error.code, headers)
}
