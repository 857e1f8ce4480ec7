import { utf8 } from '#crypto'
import { STORAGE_VERSION } from '#protocol'
import type { NodeRoute } from '../node-door.ts'

/** `GET /get_stats/v1` (mailbox RPC §1.2). */
export const getStatsRoute: NodeRoute = {
  method: 'GET',
  path: '/get_stats/v1',
  needsReadiness: false,
  answer: async () => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: utf8(JSON.stringify({ version: STORAGE_VERSION.join('.') })),
  }),
}
