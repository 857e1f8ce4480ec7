import type { OutgoingHttpHeaders } from 'node:http2'
import { ProviderUnreachableError } from '../errors.ts'
import { Http2Connection, type Http2ConnectionOptions, type Http2Reply, NOT_PROCESSED } from './http2-connection.ts'
import type { SendDeadline } from './send-deadline.ts'

export interface Http2ClientOptions extends Http2ConnectionOptions {
  /** Connections at most; another is made when the streams of all others are taken. */
  readonly connections: number
}

/** Requests that a server did not look at are repeated over a new connection, but not for ever. */
const TRIES = 3

/**
 * Requests to one origin over a few connections of many streams. A connection that the server wants to end (GOAWAY) finishes what it carries and
 * gets nothing new. How many requests wait at most is the caller's affair.
 */
export class Http2Client {
  readonly #options: Http2ClientOptions
  /** Those that end gracefully included. */
  readonly #connections = new Set<Http2Connection>()
  #isClosed = false

  constructor(options: Http2ClientOptions) {
    this.#options = options
  }

  /**
   * Sends a request and waits for the whole reply.
   *
   * @throws ProviderUnreachableError when no connection can be made or it breaks; ProviderTimeoutError at the deadline
   */
  async request(headers: OutgoingHttpHeaders, body: string, deadline: SendDeadline): Promise<Http2Reply> {
    for (let tries = 0; tries < TRIES && !this.#isClosed; tries++) {
      const reply = await this.#connection().request(headers, body, deadline)
      if (reply !== NOT_PROCESSED) return reply
    }
    throw new ProviderUnreachableError()
  }

  /** Breaks all connections; requests under way fail, later ones too. */
  close(): void {
    this.#isClosed = true
    for (const connection of this.#connections) connection.destroy()
  }

  #connection(): Http2Connection {
    let open = 0
    let leastBusy: Http2Connection | undefined
    for (const connection of this.#connections) {
      if (!connection.isOpen) continue
      if (connection.hasRoom) return connection
      open++
      if (leastBusy === undefined || connection.inFlight < leastBusy.inFlight) leastBusy = connection
    }
    return leastBusy !== undefined && open >= this.#options.connections ? leastBusy : this.#connect()
  }

  #connect(): Http2Connection {
    const connection = new Http2Connection(this.#options, (closed) => this.#connections.delete(closed))
    this.#connections.add(connection)
    return connection
  }
}
