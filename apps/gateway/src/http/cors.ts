import type { IncomingMessage, ServerResponse } from 'node:http'

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '86400',
}

/** Lets scripts of the listed origins (`*`: of any) read answers from a browser (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export class Cors {
  private readonly origins: ReadonlySet<string>

  constructor(origins: readonly string[]) {
    this.origins = new Set(origins)
  }

  /** Adds the headers for the origin of `request`, if it is listed; answers it, and returns true, if it is a preflight. */
  apply(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.origins.size === 0) return false
    const { origin } = request.headers
    response.setHeader('vary', 'origin')
    if (origin === undefined || !(this.origins.has('*') || this.origins.has(origin))) return false
    response.setHeader('access-control-allow-origin', origin)
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false
    response.writeHead(204, PREFLIGHT_HEADERS).end()
    return true
  }
}
