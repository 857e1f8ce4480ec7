import { InvalidV3RequestError, parseV3Request, sealV3Reply, type V3Request } from '#protocol'
import type { Endpoint, EndpointReply, ReplyBody } from '../endpoint.ts'
import { MemoryBody } from '../memory-body.ts'
import { statusReply, bytesReply } from '../replies.ts'
import { dispatch } from './dispatch.ts'
import { openLayer } from './open-layer.ts'
import type { SealedContext } from './sealed-context.ts'
import { memoryOf, readSealedFrame } from './sealed-frame.ts'

const NOTHING = new Uint8Array(0)

/** `POST /oxen/v3/lsrpc` and `POST /loki/v3/lsrpc`: the same endpoints for old clients (files §1.1). */
export function v3Doors(context: SealedContext): readonly Endpoint[] {
  return ['/oxen/v3/lsrpc', '/loki/v3/lsrpc'].map((route) => ({
    method: 'POST',
    route,
    async handle({ body, signal }): Promise<EndpointReply> {
      const release = await context.memory.reserve(memoryOf(body))
      try {
        const { layerKey, plaintext } = openLayer(context, await readSealedFrame(body))
        const { status, body: answer } = await answerRequest(context, plaintext, signal)
        const sealed = sealV3Reply(context.crypto, layerKey, { status, body: await collectReply(answer) })
        return bytesReply(200, 'text/plain', sealed)
      } finally {
        release()
      }
    },
  }))
}

async function answerRequest(
  context: SealedContext,
  plaintext: Uint8Array,
  signal: AbortSignal,
): Promise<EndpointReply> {
  let request: V3Request
  try {
    request = parseV3Request(plaintext)
  } catch (cause) {
    if (cause instanceof InvalidV3RequestError) return statusReply(400)
    throw cause
  }
  return dispatch(context, { ...request, body: new MemoryBody(request.body ?? NOTHING), door: 'v3', signal })
}

async function collectReply(body: ReplyBody): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  const whole = new Uint8Array(body.length)
  let offset = 0
  for await (const chunk of body.chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
