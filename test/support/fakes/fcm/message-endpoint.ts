import {
  constants,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { errorBody } from './error-bodies.ts'
import type { FcmFault } from './faults.ts'
import { readRequest, type ReceivedMessage } from './read-request.ts'
import type { TokenEndpoint } from './token-endpoint.ts'

export interface MessageEndpointOptions {
  readonly projectId: string
  readonly tokens: TokenEndpoint
  /** What is done with messages: kept in `received`, read only, or counted unread, for measurements. */
  readonly messages: 'keep' | 'read' | 'count'
  readonly onMessage: ((message: ReceivedMessage) => void) | undefined
}

/** `messages:send` of FCM's HTTP v1 API over HTTP/2. */
export class MessageEndpoint {
  /** Done to every request while it is set. */
  fault: FcmFault | undefined
  /** Done to the next requests, one each, before `fault`. */
  readonly nextFaults: FcmFault[] = []
  /** Done to every request for one device token. */
  readonly tokenFaults = new Map<string, FcmFault>()
  readonly received: ReceivedMessage[] = []
  #taken = 0
  #requests = 0
  #connections = 0
  readonly #path: string
  readonly #options: MessageEndpointOptions

  constructor(options: MessageEndpointOptions) {
    this.#options = options
    this.#path = `/v1/projects/${options.projectId}/messages:send`
  }

  /** Messages answered with 200. */
  get taken(): number {
    return this.#taken
  }

  /** Requests that came, refused and unanswered ones too. */
  get requests(): number {
    return this.#requests
  }

  get connections(): number {
    return this.#connections
  }

  readonly handleSession = (session: ServerHttp2Session): void => {
    this.#connections++
    this.#streams.set(session, { highest: 0 })
    session.setLocalWindowSize(8 * 1024 * 1024)
    // A client that breaks off is no fault of the fake.
    session.on('error', () => session.destroy())
  }

  /** Per connection: the highest stream taken so far, and after a GOAWAY the last that may still be. */
  readonly #streams = new WeakMap<Http2Session, { highest: number; last?: number }>()

  readonly handleStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
    stream.on('error', () => stream.destroy())
    let body = ''
    if (this.#options.messages !== 'count') stream.setEncoding('utf8').on('data', (text: string) => (body += text))
    else stream.resume()
    stream.on('end', () => this.#answer(stream, headers, body))
  }

  #answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, body: string): void {
    if (stream.session === undefined || this.#hasLeft(stream, stream.session)) return
    this.#requests++
    const request = this.#options.messages !== 'count' ? readRequest(body, Date.now()) : undefined
    const token = request !== undefined && 'token' in request ? request.token : ''
    const fault = this.nextFaults.shift() ?? this.tokenFaults.get(token) ?? this.fault
    if (fault !== undefined && fault.kind !== 'slow' && !(fault.kind === 'goaway' && fault.takes)) {
      return this.#fail(stream, fault)
    }
    if (headers[':method'] !== 'POST' || headers[':path'] !== this.#path) return respond(stream, 404, errorBody(404))
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    if (!this.#options.tokens.isValid(bearer)) return respond(stream, 401, errorBody(401, 'UNAUTHENTICATED'))
    if (request !== undefined && 'invalidField' in request) {
      const violation = {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: request.invalidField }],
      }
      return respond(stream, 400, errorBody(400, 'INVALID_ARGUMENT', [violation]))
    }
    if (fault?.kind === 'slow') return void setTimeout(() => this.#take(stream, request), fault.delayMs)
    this.#take(stream, request)
    // Without a last stream of its own the frame covers whatever has come so far.
    if (fault?.kind === 'goaway') stream.session?.goaway(constants.NGHTTP2_NO_ERROR)
  }

  /** GOAWAY that leaves out this request and whatever is not taken yet. */
  #leave(stream: ServerHttp2Stream): void {
    const { session } = stream
    const streams = session && this.#streams.get(session)
    if (session === undefined || streams === undefined) return
    streams.last = streams.highest
    session.goaway(constants.NGHTTP2_NO_ERROR, streams.last)
    this.#hasLeft(stream, session)
  }

  /** Whether a GOAWAY has left the request out. The frame alone says so of streams after the last; the others must be refused by themselves. */
  #hasLeft(stream: ServerHttp2Stream, session: Http2Session): boolean {
    const last = this.#streams.get(session)?.last
    if (last === undefined) return false
    // With 0 for the last stream, node sends the last that came instead.
    if (last === 0 || (stream.id ?? 0) < last) stream.close(constants.NGHTTP2_REFUSED_STREAM)
    return true
  }

  #take(stream: ServerHttp2Stream, message: ReceivedMessage | undefined): void {
    if (stream.destroyed || stream.session === undefined) return
    const streams = this.#streams.get(stream.session)
    if (streams) streams.highest = Math.max(streams.highest, stream.id ?? 0)
    this.#taken++
    if (message !== undefined) {
      this.#options.onMessage?.(message)
      if (this.#options.messages === 'keep') this.received.push(message)
    }
    respond(stream, 200, `{"name":"projects/${this.#options.projectId}/messages/0:${this.#taken}"}`)
  }

  #fail(stream: ServerHttp2Stream, fault: Exclude<FcmFault, { kind: 'slow' }>): void {
    switch (fault.kind) {
      case 'error':
        return respond(stream, fault.status, errorBody(fault.status, fault.reason, fault.details), fault.retryAfter)
      case 'page':
        stream.respond({ ':status': fault.status, 'content-type': 'text/html' })
        return void stream.end(fault.body)
      case 'hang':
        return
      case 'reset':
        if (fault.afterHeaders === true) {
          stream.respond({ ':status': 200 })
          return void stream.write('{"name":', () => stream.destroy(new Error('reset')))
        }
        return stream.close(constants.NGHTTP2_INTERNAL_ERROR)
      case 'refuse-stream':
        return stream.close(constants.NGHTTP2_REFUSED_STREAM)
      case 'goaway':
        return this.#leave(stream)
      case 'disconnect':
        return stream.session?.destroy()
    }
  }
}

function respond(stream: ServerHttp2Stream, status: number, body: string, retryAfter?: string): void {
  stream.respond({
    ':status': status,
    'content-type': 'application/json; charset=UTF-8',
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  })
  stream.end(body)
}
