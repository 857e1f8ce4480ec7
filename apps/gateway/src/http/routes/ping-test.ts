import type { NodeRoute } from '../node-door.ts'

/** `POST /ping_test/v1` (mailbox RPC §1.2): names the node by its legacy key, which is its Ed25519 key here. */
export const pingTestRoute: NodeRoute = {
  method: 'POST',
  path: '/ping_test/v1',
  needsReadiness: false,
  answer: async ({ keys }) => ({
    status: 200,
    headers: { 'x-oxen-snode-pubkey': Buffer.from(keys.ed25519Public).toString('base64') },
    body: new Uint8Array(0),
  }),
}
