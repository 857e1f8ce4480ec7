import { type Ed25519Signer } from '#crypto'
import { WireBytes, type WireMembers } from '../replies/wire-value.ts'

/** What one node of a swarm answers within the `swarm` of a reply (mailbox RPC §6). */
export interface SwarmEntry {
  /** Ed25519 key of the node, 32 bytes. */
  readonly node: Uint8Array
  readonly members: WireMembers
}

/**
 * The entries of nodes that have come to one result: `members` are the same in all, the signature over `message` is each node's own
 * (mailbox RPC §6).
 */
export function signSwarmEntries(
  signers: Iterable<Ed25519Signer>,
  message: Uint8Array,
  members: WireMembers,
): SwarmEntry[] {
  return Array.from(signers, (signer) => ({
    node: signer.publicKey,
    members: { ...members, signature: new WireBytes(signer.sign(message), 'base64') },
  }))
}

/** Why a node has no result (mailbox RPC §6). */
export type NodeFailure =
  | { readonly kind: 'timeout' }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }
  | { readonly kind: 'bad_peer_response' }
  | { readonly kind: 'query_failure'; readonly reason?: string }

/** The entry of a node that has no result. */
export function failedSwarmEntry(node: Uint8Array, failure: NodeFailure): SwarmEntry {
  return { node, members: { failed: true, ...failureMembers(failure) } }
}

/** The status of a peer is a text here, unlike everywhere else. */
function failureMembers(failure: NodeFailure): WireMembers {
  switch (failure.kind) {
    case 'timeout':
      return { timeout: true }
    case 'refused':
      return { code: String(failure.status), reason: failure.text }
    case 'bad_peer_response':
      return { bad_peer_response: true }
    case 'query_failure':
      return failure.reason === undefined ? { query_failure: true } : { query_failure: true, reason: failure.reason }
  }
}
