import type { IncomingMessage, ServerResponse } from 'node:http'
import { utf8 } from '#crypto'
import { GatewayNotReadyError, RefusedError, RequestAbortedError } from '../errors.ts'
import type { OwnNode } from '#nodes'
import type { Readiness } from '../readiness.ts'
import type { OnionObserver } from '../onion/onion-observer.ts'
import type { HttpAnswer } from './http-answer.ts'
import type { InFlight } from './in-flight.ts'
import { announcedLength, readBody } from './read-body.ts'
import { sendAnswer } from './send-answer.ts'

/** One path of a node. `body` is the whole body of the request, whose memory is given up. */
export interface NodeRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Whether only a gateway that takes new requests answers. */
  readonly needsReadiness: boolean
  /** Throws a `RefusedError` for a client that has to wait, before its body is read. */
  admit?(request: IncomingMessage): void
  answer(node: OwnNode, request: IncomingMessage, body: Uint8Array): Promise<HttpAnswer>
}

export interface NodeDoorOptions {
  readonly routes: readonly NodeRoute[]
  readonly readiness: Readiness
  readonly inFlight: InFlight
  /** Longest body in bytes. */
  readonly bodyLimit: number
  readonly observer: OnionObserver & ExchangeObserver
}

/** Where the door tells what it has answered. */
export interface ExchangeObserver {
  /** `route` is one of the paths of the door, or `unknown`. */
  exchangeAnswered(route: string, status: number, milliseconds: number): void
  now(): number
}

/** The HTTP side of every own node, the same on its TLS port and on the gateway's HTTP port. Errors are answers; it never rejects. */
export class NodeDoor {
  private readonly routes: ReadonlyMap<string, NodeRoute>

  constructor(private readonly options: NodeDoorOptions) {
    this.routes = new Map(options.routes.map((route) => [`${route.method} ${route.path}`, route]))
  }

  /** Answers `request` to `node`; `path` is the path within the node, without query. */
  async exchange(node: OwnNode, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { observer, inFlight } = this.options
    const start = observer.now()
    const route = this.routes.get(`${request.method} ${path}`)
    const place = inFlight.enter()
    try {
      const answer = await this.answer(node, path, route, request, place)
      observer.exchangeAnswered(route?.path ?? 'unknown', answer.status, observer.now() - start)
      await sendAnswer(request, response, answer)
    } catch (error) {
      // Nobody is there to read an answer, or half of one has been sent: only a broken connection says that it is not whole.
      if (!(error instanceof RequestAbortedError)) observer.failed('door', error)
      response.destroy()
    } finally {
      place.leave()
    }
  }

  private async answer(
    node: OwnNode,
    path: string,
    route: NodeRoute | undefined,
    request: IncomingMessage,
    place: ReturnType<InFlight['enter']>,
  ): Promise<HttpAnswer> {
    const { readiness, bodyLimit, observer } = this.options
    if (route === undefined) return textAnswer(404, `${request.method} ${path} Not Found`)
    try {
      announcedLength(request, bodyLimit)
      if (route.needsReadiness && readiness.guardProblem !== undefined) {
        throw new GatewayNotReadyError(readiness.guardProblem)
      }
      route.admit?.(request)
      place.reserveRequest()
      return await route.answer(node, request, await readBody(request, bodyLimit, place))
    } catch (error) {
      if (error instanceof RefusedError) return textAnswer(error.status, error.message)
      if (error instanceof RequestAbortedError) throw error
      observer.failed('door', error)
      return textAnswer(500, 'Internal Server Error')
    }
  }
}

/** A text as the answer. */
export function textAnswer(status: number, text: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body: utf8(text) }
}
