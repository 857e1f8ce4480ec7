import { ControlError, FrameError, parseFrame, parseGuardControl } from '#protocol'
import type { OwnNode } from '#nodes'
import { type OnionReply, plainReply } from './onion-reply.ts'
import type { OnionRequest } from './onion-request.ts'
import type { OnionRouter } from './onion-router.ts'

/** Answers the body of a `POST /onion_req/v2` to `node` (onion requests §6.1, step 3 and after). The memory of `body` is given up. */
export async function answerGuardRequest(router: OnionRouter, node: OwnNode, body: Uint8Array): Promise<OnionReply> {
  let request: OnionRequest
  try {
    request = parseGuardRequest(body)
  } catch (error) {
    if (error instanceof FrameError || error instanceof ControlError) {
      return plainReply(400, `Error parsing onion request: ${error.message}`)
    }
    throw error
  }
  return router.receive(node, request)
}

function parseGuardRequest(body: Uint8Array): OnionRequest {
  const { blob, control } = parseFrame(body)
  const { ephemeralKey, encryptionType, hopNumber } = parseGuardControl(control)
  return { sealed: blob, ephemeralKey, encryptionType, hopNumber }
}
