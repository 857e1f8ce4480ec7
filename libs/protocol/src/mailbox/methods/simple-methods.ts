import { type Params } from '../params/params.ts'
import { type SimpleRequest } from '../request.ts'
import { parseActiveNodesBinRequest } from './active-nodes-bin.ts'
import { parseDelete } from './delete.ts'
import { parseDeleteAll } from './delete-all.ts'
import { parseDeleteBefore } from './delete-before.ts'
import { parseExpire } from './expire.ts'
import { parseExpireAll } from './expire-all.ts'
import { parseGetExpiries } from './get-expiries.ts'
import { parseGetSwarm } from './get-swarm.ts'
import { parseInfo } from './info.ts'
import { parseOxendRequest } from './oxend-request.ts'
import { parseRetrieve } from './retrieve.ts'
import { parseRevokeSubaccount } from './revoke-subaccount.ts'
import { parseRevokedSubaccounts } from './revoked-subaccounts.ts'
import { parseStore } from './store.ts'
import { parseUnrevokeSubaccount } from './unrevoke-subaccount.ts'

/** Every method that contains no other requests, under all its names. */
const PARSERS: ReadonlyMap<string, (params: Params) => SimpleRequest> = new Map<
  string,
  (params: Params) => SimpleRequest
>([
  ['active_nodes_bin', parseActiveNodesBinRequest],
  ['delete', parseDelete],
  ['delete_all', parseDeleteAll],
  ['delete_before', parseDeleteBefore],
  ['expire', parseExpire],
  ['expire_all', parseExpireAll],
  ['get_expiries', parseGetExpiries],
  ['get_snodes_for_pubkey', parseGetSwarm],
  ['get_swarm', parseGetSwarm],
  ['info', parseInfo],
  ['oxend_request', parseOxendRequest],
  ['retrieve', parseRetrieve],
  ['revoke_subaccount', parseRevokeSubaccount],
  ['revoked_subaccounts', parseRevokedSubaccounts],
  ['store', parseStore],
  ['unrevoke_subaccount', parseUnrevokeSubaccount],
])

/** Whether a method contains other requests, and so must not stand within `batch` or `sequence` (mailbox RPC §4.15). */
export function isMetaMethod(method: string): boolean {
  return method === 'batch' || method === 'sequence' || method === 'ifelse'
}

/** Reads a request that contains no others; undefined for an unknown method. Throws `RpcError` 400. */
export function parseSimpleRequest(method: string, params: Params): SimpleRequest | undefined {
  return PARSERS.get(method)?.(params)
}
