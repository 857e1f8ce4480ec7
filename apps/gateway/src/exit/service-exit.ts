import { errors, Pool } from 'undici'
import { contentLength } from '../http/content-length.ts'
import type { OnionObserver } from '../onion/onion-observer.ts'
import { type OnionReply, plainReply } from '../onion/onion-reply.ts'
import { EXIT_HEADERS } from './exit-headers.ts'
import type { ServiceName } from './service-name.ts'

/** Connections that are kept open to each service. */
const CONNECTIONS_PER_SERVICE = 256

/** Hands frames to the own services over HTTP inside the cluster. */
export class ServiceExit {
  private readonly pools: ReadonlyMap<ServiceName, Pool>

  /** `timeoutMs` is how long a service may stay silent, before its answer and within it. */
  constructor(
    urls: Readonly<Record<ServiceName, URL>>,
    timeoutMs: number,
    private readonly observer: OnionObserver,
  ) {
    const options = { connections: CONNECTIONS_PER_SERVICE, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }
    this.pools = new Map(
      Object.entries(urls).map(([service, url]) => [service as ServiceName, new Pool(url.origin, options)]),
    )
  }

  /** Posts `frame` without copying it and gives the answer while it arrives. */
  async post(service: ServiceName, target: string, frame: Uint8Array): Promise<OnionReply> {
    try {
      const pool = this.pools.get(service) as Pool
      const { statusCode, headers, body } = await pool.request({
        path: target,
        method: 'POST',
        headers: EXIT_HEADERS,
        body: frame,
      })
      return { status: statusCode, body: { length: contentLength(headers['content-length']), stream: body } }
    } catch (error) {
      this.observer.failed('service', error)
      return error instanceof errors.HeadersTimeoutError
        ? plainReply(504, 'Gateway Timeout')
        : plainReply(502, 'Bad Gateway')
    }
  }

  /** Closes the connections when the requests on them are done. */
  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.close()))
  }
}
