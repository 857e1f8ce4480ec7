import { type Ed25519Signer } from '#crypto'
import { type DeleteAllRequest } from '../methods/delete-all.ts'
import { type DeleteBeforeRequest } from '../methods/delete-before.ts'
import { type ExpireAllRequest } from '../methods/expire-all.ts'
import { bulkNodeBytes, sortHashes } from '../nodes/node-signed-bytes.ts'
import { signSwarmEntries, type SwarmEntry } from '../nodes/swarm-entry.ts'
import { type WireInteger } from '../params/fields.ts'
import { type WireValue } from './wire-value.ts'

/** The requests that concern all messages of a namespace, or of all. */
export type BulkRequest = DeleteAllRequest | DeleteBeforeRequest | ExpireAllRequest

/** Hashes of the messages that were deleted or shortened, in any order, by namespace. */
export type AffectedMessages = ReadonlyMap<number, readonly string[]>

/** What each of the signing nodes says of a bulk request (mailbox RPC §4.4 to §4.6). */
export function bulkEntries(
  signers: Iterable<Ed25519Signer>,
  request: BulkRequest,
  affected: AffectedMessages,
): SwarmEntry[] {
  const hashes = [...affected.values()].flat()
  const result = request.namespace === 'all' ? byNamespace(affected) : sortHashes(hashes)
  const message = bulkNodeBytes(request.account, bulkTime(request), hashes)
  return signSwarmEntries(signers, message, request.method === 'expire_all' ? { updated: result } : { deleted: result })
}

/** The time that client and nodes sign: each request has its own name for it. */
export function bulkTime(request: BulkRequest): WireInteger {
  switch (request.method) {
    case 'delete_all':
      return request.timestamp
    case 'delete_before':
      return request.before
    case 'expire_all':
      return request.expiry
  }
}

function byNamespace(affected: AffectedMessages): WireValue {
  const filled = [...affected].filter(([, hashes]) => hashes.length > 0)
  return Object.fromEntries(filled.map(([namespace, hashes]) => [String(namespace), sortHashes(hashes)]))
}
