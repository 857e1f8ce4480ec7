import { type Crypto, freeBytes } from '#crypto'
import {
  encodeV4Reply,
  encryptLayer,
  encryptLayerStream,
  type LayerKey,
  layerLength,
  V4_REPLY_TAIL,
  type V4ReplyMetadata,
  v4ReplyHead,
} from '#protocol'
import type { EndpointReply, StreamedBody } from '../endpoint.ts'
import { bytesReply } from '../replies.ts'

const OCTETS = 'application/octet-stream'

/** The four content types that clients compare as whole texts (onion requests §5.3). */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  'application/json': 'application/json',
  'text/plain': 'text/plain; charset=utf-8',
  'text/html': 'text/html; charset=utf-8',
}

/** The sealed answer to a v4 request, under HTTP status 200 whatever its own code; a long one is sealed while it streams. */
export function sealV4Reply(crypto: Crypto, layerKey: LayerKey, reply: EndpointReply): EndpointReply {
  const metadata: V4ReplyMetadata = { code: reply.status, headers: sealedHeaders(reply.headers) }
  if (reply.body instanceof Uint8Array) {
    return bytesReply(200, OCTETS, encryptLayer(crypto, layerKey, encodeV4Reply(metadata, reply.body)))
  }
  const head = v4ReplyHead(metadata, reply.body.length)
  const length = layerLength(layerKey.type, head.length + reply.body.length + V4_REPLY_TAIL.length)
  const chunks = encryptLayerStream(crypto, layerKey, plaintext(head, reply.body))
  return bytesReply(200, OCTETS, { length, chunks: freeing(chunks) })
}

function sealedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim() ?? ''
  return { ...headers, 'content-type': CONTENT_TYPES[mediaType] ?? OCTETS }
}

async function* plaintext(head: Uint8Array, body: StreamedBody): AsyncGenerator<Uint8Array, void, undefined> {
  yield head
  yield* body.chunks
  yield V4_REPLY_TAIL
}

/** The same chunks; the memory of each is freed once the next is asked for, when by the contract of `StreamedBody` nobody uses it any more. */
async function* freeing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    yield chunk
    freeBytes(chunk)
  }
}
