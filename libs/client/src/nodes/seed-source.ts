import { type Crypto, utf8 } from '#crypto'
import type { Transport } from '../transport/transport.ts'
import { usableNodes } from './discovery-source.ts'
import { DirectoryUnavailableError } from './errors.ts'
import { isRecord, jsonReply } from './json-reply.ts'
import { type NetworkDescription, type NodeSource, SOURCE_TIMEOUT_MS } from './node-source.ts'

const FIELDS = ['public_ip', 'storage_port', 'pubkey_x25519', 'pubkey_ed25519', 'requested_unlock_height', 'height']

/** The list of a seed, asked by `get_n_service_nodes` (onion requests §10.1). `seed` is an origin; it names no services. */
export function seedSource(crypto: Crypto, transport: Transport, seed: string): NodeSource {
  const url = `${seed.replace(/\/$/, '')}/json_rpc`
  const request = {
    jsonrpc: '2.0',
    id: 0,
    method: 'get_n_service_nodes',
    params: { active_only: true, fields: Object.fromEntries([...FIELDS, 'swarm_id'].map((field) => [field, true])) },
  }
  return {
    load: async () => {
      const reply = await transport.post(url, utf8(JSON.stringify(request)), { timeoutMs: SOURCE_TIMEOUT_MS })
      return parseSeedReply(crypto, jsonReply(reply))
    },
  }
}

/** What a seed's reply says. Nodes that are not usable are left out. Throws `DirectoryUnavailableError`. */
export function parseSeedReply(crypto: Crypto, reply: Readonly<Record<string, unknown>>): NetworkDescription {
  const states = isRecord(reply['result']) ? reply['result']['service_node_states'] : undefined
  if (!Array.isArray(states)) throw new DirectoryUnavailableError()
  return { nodes: usableNodes(crypto, states), services: {} }
}
