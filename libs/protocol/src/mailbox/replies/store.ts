import { type Ed25519Signer } from '#crypto'
import { storeNodeBytes } from '../nodes/node-signed-bytes.ts'
import { signSwarmEntries, type SwarmEntry } from '../nodes/swarm-entry.ts'
import { type ReplyContext, type RpcReply, successReply } from './rpc-reply.ts'
import { WireNodes } from './wire-value.ts'

/** What has become of a stored message. */
export interface StoreResult {
  readonly hash: string
  /** The later of the expiries of all its stores, in milliseconds. */
  readonly expiry: number
  /** Whether it was there before. */
  readonly wasStored: boolean
}

/** What each of the signing nodes says of a store (mailbox RPC §4.1). */
export function storeEntries(signers: Iterable<Ed25519Signer>, { hash, expiry, wasStored }: StoreResult): SwarmEntry[] {
  return signSwarmEntries(signers, storeNodeBytes(hash), { hash, expiry, ...(wasStored && { already: true }) })
}

/** The reply to `store`. Only in the entry of the node that was asked (its 32-byte key) the time stands a second time. */
export function storeReply(
  hash: string,
  entries: readonly SwarmEntry[],
  entryNode: Uint8Array,
  context: ReplyContext,
): RpcReply {
  const swarm = entries.map(({ node, members }) => {
    return [node, isSame(node, entryNode) ? { ...members, t: context.now } : members] as const
  })
  return successReply({ hash, swarm: new WireNodes(swarm) }, context)
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
