import { type Ed25519Signer } from '#crypto'
import { type DeleteRequest } from '../methods/delete.ts'
import { deleteNodeBytes, sortHashes } from '../nodes/node-signed-bytes.ts'
import { signSwarmEntries, type SwarmEntry } from '../nodes/swarm-entry.ts'
import { type ReplyContext, type RpcReply } from './rpc-reply.ts'
import { swarmReply } from './swarm-reply.ts'

/** What each of the signing nodes says of a delete; `deleted` in any order (mailbox RPC §4.3). */
export function deleteEntries(
  signers: Iterable<Ed25519Signer>,
  request: DeleteRequest,
  deleted: readonly string[],
): SwarmEntry[] {
  const message = deleteNodeBytes(request.account, request.hashes, deleted)
  return signSwarmEntries(signers, message, { deleted: sortHashes(deleted) })
}

/** The reply to `delete`: with 404 when something had to be deleted and the node that was asked deleted nothing. */
export function deleteReply(
  request: DeleteRequest,
  entries: readonly SwarmEntry[],
  deletedAny: boolean,
  context: ReplyContext,
): RpcReply {
  const reply = swarmReply(entries, context)
  return request.isRequired && !deletedAny ? { ...reply, status: 404 } : reply
}
