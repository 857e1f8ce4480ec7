/**
 * One operation of a service, whatever door the request came through: plain HTTP, a sealed v4 request or a sealed v3 request.
 * An endpoint sees neither Fastify nor onions; the doors translate.
 */
export interface Endpoint {
  /** `HEAD` reaches the `GET` operation of its route, whose body the door leaves out. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Route pattern in Fastify's syntax, for example `/file/:id`. It is also the only form of the path that logs and metrics see. */
  readonly route: string
  handle(request: EndpointRequest): Promise<EndpointReply>
}

export interface EndpointRequest {
  /** Upper case; `HEAD` when only the head of the answer is wanted. */
  readonly method: string
  /** Path and, after `?`, query exactly as sent. */
  readonly target: string
  /** Values of the route's parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: RequestBody
  /** Which door the request came through. */
  readonly door: 'http' | 'v4' | 'v3'
  /** Aborts when the client has gone or its deadline is over. */
  readonly signal: AbortSignal
}

/**
 * A body that can be read once. Iteration throws when the client goes away, stalls past its deadline, or, through a sealed door,
 * when the layer turns out not to be authentic: nothing that was read may have an effect before iteration has ended without error.
 */
export interface RequestBody extends AsyncIterable<Uint8Array> {
  /** Announced length in bytes; undefined with chunked transfer coding. */
  readonly length: number | undefined
}

export interface EndpointReply {
  readonly status: number
  /** Names in lower case; no `content-length`: the door adds it. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: ReplyBody
}

export type ReplyBody = Uint8Array | StreamedBody

export interface StreamedBody {
  /** Exact length in bytes. */
  readonly length: number
  /** The bytes, read once; each piece is good until the next is asked for. The door ends the iteration when the client goes away. */
  readonly chunks: AsyncIterable<Uint8Array>
}
