import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint, EndpointReply } from '../endpoint.ts'
import type { ErrorReply } from '../error-reply.ts'
import type { ExchangeObserver } from '../exchange-observer.ts'
import { statusReply } from '../replies.ts'
import { HttpRequest } from './http-request.ts'
import { sendReply } from './http-reply.ts'
import type { StallDeadline } from './stall-deadline.ts'
import { ROUTE_UNKNOWN } from '../codes.ts'

export interface HttpDoorOptions {
  readonly endpoints: readonly Endpoint[]
  readonly deadline: StallDeadline
  readonly errorReply: ErrorReply
  readonly observer: ExchangeObserver
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * Mounts the endpoints on Fastify. They answer in the `onRequest` hook, before Fastify would look at the body: no content type is
 * refused, nothing is buffered, and nothing stands between the route and the socket.
 */
export function mountHttpDoor(fastify: FastifyInstance, options: HttpDoorOptions): void {
  for (const endpoint of options.endpoints) {
    const { method, route } = endpoint
    fastify.route({ method, url: route, onRequest: answer(endpoint, options), handler: unreachable })
  }
  const unknown: Endpoint = { method: 'GET', route: '*', handle: async () => statusReply(404, ROUTE_UNKNOWN) }
  fastify.route({ method: METHODS, url: '*', onRequest: answer(unknown, options), handler: unreachable })
}

/** Fastify wants a handler; the hook before it has taken the exchange over. */
function unreachable(): never {
  throw new Error('a request passed the door')
}

type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void

function answer(endpoint: Endpoint, options: HttpDoorOptions): OnRequest {
  return (request, reply, _done) => {
    reply.hijack()
    void exchange(endpoint, request, reply, options)
  }
}

async function exchange(
  endpoint: Endpoint,
  { raw: message, params }: FastifyRequest,
  { raw: response }: FastifyReply,
  { deadline, errorReply, observer }: HttpDoorOptions,
): Promise<void> {
  let reply: EndpointReply
  try {
    reply = await endpoint.handle(
      new HttpRequest(message, response, deadline, params as Readonly<Record<string, string>>),
    )
  } catch (error) {
    observer.failed('http', endpoint.route, error)
    reply = errorReply(error)
  }
  observer.answered('http', endpoint.route, reply.status)
  try {
    await sendReply(message, response, reply, deadline)
  } catch (error) {
    observer.failed('http', endpoint.route, error)
    // The status is on its way already: only a broken connection tells the client that the body is not whole.
    response.destroy()
  }
}
