import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { ProviderTimeoutError, ProviderUnreachableError } from '../errors.ts'
import type { SendDeadline } from './send-deadline.ts'

export interface Http2ConnectionOptions {
  /** Scheme, host and port. */
  readonly origin: string
  /** Certificates to trust in place of the usual ones, as PEM. */
  readonly ca?: string
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
}

export interface Http2Reply {
  readonly status: number
  readonly retryAfter: string | undefined
  /** Empty for a reply with status 200; else what came, up to 16,384 characters. */
  readonly body: string
}

/** The server has certainly not looked at the request: it may go over another connection at once. */
export const NOT_PROCESSED = Symbol('not processed')

const LONGEST_BODY = 16_384
/** After so long without a request, middleboxes begin to forget a connection without a word to either side. */
const IDLE_MS = 60_000
/** What Google allows, and what counts until the peer has said its own number. */
const STREAMS = 100

/** One HTTP/2 connection that carries many requests at once. */
export class Http2Connection {
  readonly #session: ClientHttp2Session
  readonly #now: () => number
  #isOpen = true
  /** When the last request ended, in milliseconds. */
  #usedAt: number
  #inFlight = 0
  /** How many replies have begun, to tell a slow request from a dead connection. */
  #heard = 0

  /** `onClose` is called once, when nothing is left of the connection. */
  constructor({ origin, ca, now }: Http2ConnectionOptions, onClose: (connection: Http2Connection) => void) {
    this.#now = now
    this.#usedAt = now()
    const leave = (): void => void (this.#isOpen = false)
    this.#session = connect(origin, { settings: { enablePush: false }, ...(ca === undefined ? {} : { ca }) })
    // The streams carry the error to whoever waits; without a listener it would end the process.
    this.#session.on('error', leave)
    // What is under way may still be answered; node closes the session after that.
    this.#session.on('goaway', leave)
    this.#session.on('close', () => {
      leave()
      onClose(this)
    })
  }

  /** Whether new requests may use it; one that has been idle for too long is closed instead. */
  get isOpen(): boolean {
    if (this.#inFlight === 0 && this.#isOpen && this.#now() - this.#usedAt > IDLE_MS) {
      this.#isOpen = false
      this.#session.close()
    }
    return this.#isOpen && !this.#session.closed && !this.#session.destroyed
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get hasRoom(): boolean {
    return this.#inFlight < Math.min(STREAMS, this.#session.remoteSettings.maxConcurrentStreams ?? STREAMS)
  }

  /**
   * Sends a request and waits for the whole reply.
   *
   * @throws ProviderUnreachableError when the connection cannot be made or breaks; ProviderTimeoutError at the deadline
   */
  request(
    headers: OutgoingHttpHeaders,
    body: string,
    deadline: SendDeadline,
  ): Promise<Http2Reply | typeof NOT_PROCESSED> {
    if (!this.isOpen) return Promise.resolve(NOT_PROCESSED)
    return new Promise((resolve, reject) => {
      const stream = this.#session.request(headers)
      this.#inFlight++
      const heardBefore = this.#heard
      const reply = this.#read(stream)
      let cause: Error | undefined
      stream.on('error', (error: Error) => (cause = error))
      stream.on('close', () => {
        this.#inFlight--
        this.#usedAt = this.#now()
        if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) resolve(NOT_PROCESSED)
        else if (cause !== undefined || stream.rstCode !== constants.NGHTTP2_NO_ERROR || !reply.isComplete) {
          reject(new ProviderUnreachableError({ cause }))
        } else resolve(reply)
      })
      deadline.onExpiry(() => {
        reject(new ProviderTimeoutError())
        if (this.#heard === heardBefore) this.destroy()
        else stream.destroy()
      })
      stream.end(body)
    })
  }

  /** Breaks the connection and whatever is under way on it. */
  destroy(): void {
    this.#session.destroy()
  }

  #read(stream: ClientHttp2Stream): Http2Reply & { readonly isComplete: boolean } {
    const reply = { status: 0, retryAfter: undefined as string | undefined, body: '', isComplete: false }
    stream.on('response', (headers) => {
      this.#heard++
      reply.status = headers[':status'] ?? 0
      // The status says it all, and a body that nobody reads need not be decoded.
      if (reply.status === 200) return void stream.resume()
      reply.retryAfter = headers['retry-after']
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        if (reply.body.length < LONGEST_BODY) reply.body += text.slice(0, LONGEST_BODY)
      })
    })
    stream.on('end', () => (reply.isComplete = reply.status !== 0))
    return reply
  }
}
