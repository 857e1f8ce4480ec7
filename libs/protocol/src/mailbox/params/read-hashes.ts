import { isMessageHash } from '../message-hash.ts'
import { invalidRequest } from '../rpc-error.ts'
import { readStrings, required } from './fields.ts'
import { type Params } from './params.ts'

/** The `messages` of a request: one hash or a list of at least one. Throws `RpcError` 400 (mailbox RPC §2.4). */
export function readHashes(params: Params): readonly string[] {
  const hashes = required(readStrings(params, 'messages'), 'messages')
  if (hashes.length === 0) throw invalidRequest('messages does not contain any message hashes')
  const wrong = hashes.find((hash) => !isMessageHash(hash))
  if (wrong !== undefined) throw invalidRequest(`invalid message hash: ${wrong}`)
  return hashes
}
