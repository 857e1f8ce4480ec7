import { answerGuardRequest } from '../../onion/guard-request.ts'
import type { OnionRouter } from '../../onion/onion-router.ts'
import type { NodeRoute } from '../node-door.ts'

/** `POST /onion_req/v2` (onion requests §4.2, §6.1). */
export function onionRequestRoute(router: OnionRouter): NodeRoute {
  return {
    method: 'POST',
    path: '/onion_req/v2',
    needsReadiness: true,
    answer: async (node, _request, body) => ({ headers: HEADERS, ...(await answerGuardRequest(router, node, body)) }),
  }
}

const HEADERS = { 'content-type': 'text/plain' }
