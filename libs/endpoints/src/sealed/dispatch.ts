import { DecryptionError } from '#crypto'
import { InvalidV4RequestError } from '#protocol'
import type { EndpointReply, EndpointRequest, RequestBody } from '../endpoint.ts'
import { releaseBody } from '../release-body.ts'
import { statusReply } from '../replies.ts'
import { targetQuery } from '../request-target.ts'
import type { SealedContext } from './sealed-context.ts'
import { ROUTE_UNKNOWN } from '../codes.ts'

/** What a sealed request asks for. */
export interface InnerRequest {
  readonly method: string
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: RequestBody
  readonly door: 'v4' | 'v3'
  readonly signal: AbortSignal
}

/**
 * Has the endpoint that an inner request names answer it; an error becomes its answer, and no endpoint is a 404. Throws only what a long
 * request throws that is not authentic or not a list.
 */
export async function dispatch(context: SealedContext, inner: InnerRequest): Promise<EndpointReply> {
  const match = context.router.find(inner.method, inner.endpoint)
  if (match === undefined) {
    context.observer.answered(inner.door, '*', 404)
    return statusReply(404, ROUTE_UNKNOWN)
  }
  const { route } = match.endpoint
  const request: EndpointRequest = {
    method: inner.method,
    target: inner.endpoint,
    params: match.params,
    get query() {
      return targetQuery(inner.endpoint)
    },
    headers: inner.headers,
    body: inner.body,
    door: inner.door,
    signal: inner.signal,
  }
  let reply: EndpointReply
  try {
    reply = await match.endpoint.handle(request)
  } catch (error) {
    // The request turned out not to be one; the door answers that itself.
    if (error instanceof DecryptionError || error instanceof InvalidV4RequestError) throw error
    context.observer.failed(inner.door, route, error)
    reply = context.errorReply(error)
  }
  context.observer.answered(inner.door, route, reply.status)
  if (inner.method !== 'HEAD') return reply
  await releaseBody(reply.body)
  return { ...reply, body: new Uint8Array(0) }
}
