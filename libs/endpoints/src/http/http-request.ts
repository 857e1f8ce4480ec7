import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EndpointRequest, RequestBody } from '../endpoint.ts'
import { targetQuery } from '../request-target.ts'
import { HttpBody } from './http-body.ts'
import type { StallDeadline } from './stall-deadline.ts'

/** A plain HTTP request; what most operations never ask for is made only when it is asked for. */
export class HttpRequest implements EndpointRequest {
  readonly door = 'http'
  private parsedQuery: URLSearchParams | undefined
  private httpBody: HttpBody | undefined
  private abort: AbortController | undefined

  constructor(
    private readonly message: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly deadline: StallDeadline,
    readonly params: Readonly<Record<string, string>>,
  ) {}

  get method(): string {
    return this.message.method ?? 'GET'
  }

  get target(): string {
    return this.message.url ?? '/'
  }

  get query(): URLSearchParams {
    return (this.parsedQuery ??= targetQuery(this.target))
  }

  get headers(): Readonly<Record<string, string | undefined>> {
    // Node joins repeated request headers into one string; `set-cookie`, its one exception, is no request header.
    return this.message.headers as Readonly<Record<string, string | undefined>>
  }

  get body(): RequestBody {
    return (this.httpBody ??= new HttpBody(this.message, this.deadline))
  }

  get signal(): AbortSignal {
    if (this.abort === undefined) {
      const abort = new AbortController()
      this.abort = abort
      this.response.once('close', () => {
        if (!this.response.writableFinished) abort.abort()
      })
    }
    return this.abort.signal
  }
}
