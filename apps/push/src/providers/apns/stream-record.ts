import { type ClientHttp2Stream, constants } from 'node:http2'
import type { ApnsReply } from './apns-reply.ts'

/** How a stream ended. `unprocessed` means that the peer has done nothing with the request, so that it may be sent again. */
export type StreamEnd =
  | { readonly kind: 'answered'; readonly reply: ApnsReply }
  | { readonly kind: 'unprocessed'; readonly cause?: unknown }
  | { readonly kind: 'lost'; readonly cause?: unknown }

/** What APNs has to say is far shorter. */
const LONGEST_BODY = 4096

/** Collects what comes in on a stream; to be asked when it is closed. */
export class StreamRecord {
  #reply: ApnsReply | undefined
  #body = ''
  #cause: unknown

  constructor(private readonly stream: ClientHttp2Stream) {
    stream.setEncoding('utf8')
    stream.once('response', (headers) => {
      const retryAfter = headers['retry-after']
      this.#reply = {
        status: headers[':status'] ?? 0,
        body: '',
        ...(retryAfter === undefined ? {} : { retryAfter }),
      }
    })
    stream.on('data', (text: string) => {
      if (this.#body.length < LONGEST_BODY) this.#body += text
    })
    stream.on('error', (error: Error) => (this.#cause = error))
  }

  /** `lastProcessed` is the highest id of a stream that the peer has looked at. An answer without the end of its body is an answer: the status says what matters. */
  end(lastProcessed: number): StreamEnd {
    if (this.#reply !== undefined) return { kind: 'answered', reply: { ...this.#reply, body: this.#body } }
    const { id, rstCode } = this.stream
    const isUnprocessed = rstCode === constants.NGHTTP2_REFUSED_STREAM || (id ?? Infinity) > lastProcessed
    return { kind: isUnprocessed ? 'unprocessed' : 'lost', cause: this.#cause }
  }
}
