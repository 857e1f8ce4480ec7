import { isRecord } from '../../nodes/json-reply.ts'
import { asKey, list, members } from './fields.ts'

/** What `get_swarm` says: the swarm's id in hex and the Ed25519 keys of its nodes (mailbox RPC §4.13). */
export interface NamedSwarm {
  readonly id: string | undefined
  readonly keys: readonly string[]
}

/** Reads the answer to `get_swarm`; entries without a key are left out. Throws `MailboxReplyError`. */
export function readSwarm(body: unknown): NamedSwarm {
  const { snodes, swarm } = members(body)
  const keys = list(snodes).flatMap((snode) => (isRecord(snode) ? (asKey(snode['pubkey_ed25519']) ?? []) : []))
  const isId = typeof swarm === 'string' && /^[0-9a-f]{1,16}$/.test(swarm)
  return { id: isId ? swarm : undefined, keys: [...new Set(keys)] }
}
