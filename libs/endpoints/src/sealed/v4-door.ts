import { DecryptionError, freeBytes } from '#crypto'
import {
  INVALID_V4_REQUEST_TEXT,
  InvalidV4RequestError,
  LARGE_LAYER_LENGTH,
  type LayerKey,
  parseV4Request,
  type V4Request,
} from '#protocol'
import type { Endpoint, EndpointReply } from '../endpoint.ts'
import { SealedLayerError } from '../errors.ts'
import { MemoryBody } from '../memory-body.ts'
import { releaseBody } from '../release-body.ts'
import { textReply } from '../replies.ts'
import { dispatch } from './dispatch.ts'
import { openLayer, openLongLayer } from './open-layer.ts'
import type { SealedContext } from './sealed-context.ts'
import { memoryOf, readSealedFrame, type SealedFrame } from './sealed-frame.ts'
import { sealV4Reply } from './v4-reply.ts'
import { V4Stream } from './v4-stream.ts'

const NOTHING = new Uint8Array(0)

/** `POST /oxen/v4/lsrpc`: any endpoint through a sealed v4 request (onion requests §5.3). */
export function v4Door(context: SealedContext): Endpoint {
  return {
    method: 'POST',
    route: '/oxen/v4/lsrpc',
    async handle({ body, signal }) {
      const release = await context.memory.reserve(memoryOf(body))
      try {
        const frame = await readSealedFrame(body)
        return frame.blob.length <= LARGE_LAYER_LENGTH
          ? await answerShort(context, frame, signal)
          : await answerLong(context, frame, signal)
      } finally {
        release()
      }
    },
  }
}

async function answerShort(context: SealedContext, frame: SealedFrame, signal: AbortSignal): Promise<EndpointReply> {
  const { layerKey, plaintext } = openLayer(context, frame)
  let request: V4Request
  try {
    request = parseV4Request(plaintext)
  } catch (cause) {
    if (cause instanceof InvalidV4RequestError) return invalid(context, layerKey)
    throw cause
  }
  const body = new MemoryBody(request.body ?? NOTHING)
  return sealV4Reply(context.crypto, layerKey, await dispatch(context, { ...request, body, door: 'v4', signal }))
}

async function answerLong(context: SealedContext, frame: SealedFrame, signal: AbortSignal): Promise<EndpointReply> {
  const layer = await openLongLayer(context, frame)
  const stream = new V4Stream(layer)
  let reply: EndpointReply | undefined
  try {
    const head = await stream.head()
    const body = stream.body(head.bodyLength ?? 0)
    reply = await dispatch(context, { ...head, body, door: 'v4', signal })
    await stream.finish()
    return sealV4Reply(context.crypto, layer.layerKey, reply)
  } catch (cause) {
    await releaseBody(reply?.body)
    if (cause instanceof DecryptionError) throw new SealedLayerError({ cause })
    if (cause instanceof InvalidV4RequestError) return invalid(context, layer.layerKey)
    throw cause
  } finally {
    // A long frame has memory of its own, and what was decrypted out of it lies elsewhere.
    freeBytes(new Uint8Array(frame.blob.buffer))
  }
}

function invalid(context: SealedContext, layerKey: LayerKey): EndpointReply {
  return sealV4Reply(context.crypto, layerKey, textReply(400, INVALID_V4_REQUEST_TEXT))
}
