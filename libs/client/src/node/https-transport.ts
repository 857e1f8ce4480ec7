import { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import { ClientError, RequestAbortedError, TransportError } from '../errors.ts'
import { collectBody, contentLength } from '../transport/collect-body.ts'
import type { Transport, TransportOptions, TransportReply } from '../transport/transport.ts'

const PIECE_LENGTH = 65_536

/** A transport that keeps connections open; `close` ends them. */
export interface HttpsTransport extends Transport {
  close(): Promise<void>
}

/**
 * A transport for Node over keep-alive connections. Certificates are not checked: those of nodes are self-signed, and a node proves who it is
 * by opening its layer of the onion (onion requests §4.2).
 */
export function createHttpsTransport(): HttpsTransport {
  const agent = new Agent({ allowH2: false, connect: { rejectUnauthorized: false } })
  return {
    get: (url, options) => exchange(agent, url, undefined, options),
    post: (url, body, options) => exchange(agent, url, body, options),
    close: () => agent.close(),
  }
}

async function exchange(
  agent: Agent,
  url: string,
  body: Uint8Array | undefined,
  options: TransportOptions,
): Promise<TransportReply> {
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal])
  try {
    const reply = await request(url, {
      dispatcher: agent,
      signal,
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined
        ? {}
        : { body: pieces(body, options), headers: { 'content-length': String(body.length) } }),
    })
    const length = reply.headers['content-length']
    const total = contentLength(typeof length === 'string' ? length : undefined)
    const bytes = await collectBody(reply.body as AsyncIterable<Uint8Array>, total, options.onProgress)
    return { status: reply.statusCode, statusText: reply.statusText, body: bytes }
  } catch (error) {
    if (options.signal?.aborted === true) throw new RequestAbortedError({ cause: error })
    if (error instanceof ClientError) throw error
    throw new TransportError('the peer did not answer; check the connection and the address', { cause: error })
  }
}

function* slices(body: Uint8Array, options: TransportOptions): Generator<Uint8Array> {
  const total = body.length
  for (let sent = 0; sent < total; sent += PIECE_LENGTH) {
    yield body.subarray(sent, sent + PIECE_LENGTH)
    options.onProgress?.({ direction: 'sending', bytes: Math.min(total, sent + PIECE_LENGTH), total })
  }
}

/** A body without a listener goes out in one piece; pieces exist only for the sake of progress. */
function pieces(body: Uint8Array, options: TransportOptions): Uint8Array | Readable {
  return options.onProgress === undefined ? body : Readable.from(slices(body, options))
}
