import { type Endpoint, jsonReply, statusReply } from '#endpoints'
import type { JsonSource } from '../releases/json-source.ts'
import { NETWORK_INFO_NOT_KNOWN } from './codes.ts'

/** `GET /info`: the network page out of the operator's file, for clients that ask for it at start (files §3.3). */
export function networkInfo(source: JsonSource, now: () => number): Endpoint {
  return {
    method: 'GET',
    route: '/info',
    async handle() {
      const members = (await source.current())?.members
      if (members === undefined) return statusReply(502, NETWORK_INFO_NOT_KNOWN)
      return jsonReply(200, { status_code: 200, t: Math.floor(now() / 1000), ...members })
    },
  }
}
