import { type ClientHttp2Stream, constants } from 'node:http2'
import type { ReceivedReply } from './exchange.ts'

/** How a stream ended. `unprocessed` means that the peer has done nothing with the request, so that it may be sent again. */
export type StreamEnd =
  | { readonly kind: 'answered'; readonly reply: ReceivedReply }
  | { readonly kind: 'unprocessed'; readonly cause?: unknown }
  | { readonly kind: 'lost'; readonly cause?: unknown }

/** What providers have to say is far shorter. */
const LONGEST_BODY = 16_384

/** Collects what comes in on a stream; to be asked when it is closed. */
export class StreamRecord {
  #status: number | undefined
  #retryAfter: string | undefined
  #body = ''
  #hasEnded = false
  #cause: unknown

  constructor(private readonly stream: ClientHttp2Stream) {
    stream.once('response', (headers) => {
      this.#status = headers[':status'] ?? 0
      // The status says it all, and a body that nobody reads need not be decoded.
      if (this.#status === 200) return void stream.resume()
      this.#retryAfter = headers['retry-after']
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => this.#add(text))
    })
    stream.once('end', () => (this.#hasEnded = true))
    stream.on('error', (error: Error) => (this.#cause = error))
  }

  /** `lastProcessed` is the highest id of a stream that the peer has looked at. */
  end(lastProcessed: number): StreamEnd {
    const { id, rstCode } = this.stream
    if (this.#status !== undefined) {
      const isComplete = this.#hasEnded && this.#cause === undefined && rstCode === constants.NGHTTP2_NO_ERROR
      const reply = { status: this.#status, body: this.#body, retryAfter: this.#retryAfter, isComplete }
      return { kind: 'answered', reply }
    }
    const isUnprocessed = rstCode === constants.NGHTTP2_REFUSED_STREAM || (id ?? Infinity) > lastProcessed
    return { kind: isUnprocessed ? 'unprocessed' : 'lost', cause: this.#cause }
  }

  #add(text: string): void {
    this.#body += text.slice(0, LONGEST_BODY - this.#body.length)
  }
}
