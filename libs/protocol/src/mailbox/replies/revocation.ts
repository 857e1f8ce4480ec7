import { type Ed25519Signer } from '#crypto'
import { type RevokeSubaccountRequest } from '../methods/revoke-subaccount.ts'
import { type UnrevokeSubaccountRequest } from '../methods/unrevoke-subaccount.ts'
import { revocationNodeBytes } from '../nodes/node-signed-bytes.ts'
import { signSwarmEntries, type SwarmEntry } from '../nodes/swarm-entry.ts'
import { type RevocationList } from '../revocations.ts'
import { type ReplyContext, type RpcReply, successReply } from './rpc-reply.ts'
import { WireBytes, type WireMembers } from './wire-value.ts'

/** What each of the signing nodes says of a revocation (mailbox RPC §4.9). */
export function revokeEntries(signers: Iterable<Ed25519Signer>, request: RevokeSubaccountRequest): SwarmEntry[] {
  return entries(signers, request, {})
}

/** What each of the signing nodes says when tokens are allowed again, of which `count` had been revoked (mailbox RPC §4.9). */
export function unrevokeEntries(
  signers: Iterable<Ed25519Signer>,
  request: UnrevokeSubaccountRequest,
  count: number,
): SwarmEntry[] {
  return entries(signers, request, { count })
}

/** The reply to `revoked_subaccounts` (mailbox RPC §4.10). */
export function revokedSubaccountsReply(list: RevocationList, context: ReplyContext): RpcReply {
  return successReply({ revoked_subaccounts: list.map((token) => new WireBytes(token, 'base64')) }, context)
}

function entries(
  signers: Iterable<Ed25519Signer>,
  { account, timestamp, tokens }: RevokeSubaccountRequest | UnrevokeSubaccountRequest,
  members: WireMembers,
): SwarmEntry[] {
  return signSwarmEntries(signers, revocationNodeBytes(account, timestamp, tokens), members)
}
