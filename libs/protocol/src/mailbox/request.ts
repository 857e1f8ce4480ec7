import { type ActiveNodesBinRequest } from './methods/active-nodes-bin.ts'
import { type BatchRequest } from './methods/batch.ts'
import { type DeleteRequest } from './methods/delete.ts'
import { type DeleteAllRequest } from './methods/delete-all.ts'
import { type DeleteBeforeRequest } from './methods/delete-before.ts'
import { type ExpireRequest } from './methods/expire.ts'
import { type ExpireAllRequest } from './methods/expire-all.ts'
import { type GetExpiriesRequest } from './methods/get-expiries.ts'
import { type GetSwarmRequest } from './methods/get-swarm.ts'
import { type IfElseRequest } from './methods/ifelse.ts'
import { type InfoRequest } from './methods/info.ts'
import { type OxendRequest } from './methods/oxend-request.ts'
import { type RetrieveRequest } from './methods/retrieve.ts'
import { type RevokeSubaccountRequest } from './methods/revoke-subaccount.ts'
import { type RevokedSubaccountsRequest } from './methods/revoked-subaccounts.ts'
import { type SequenceRequest } from './methods/sequence.ts'
import { type StoreRequest } from './methods/store.ts'
import { type UnrevokeSubaccountRequest } from './methods/unrevoke-subaccount.ts'

/** A request that belongs to one account and is answered by its swarm alone; elsewhere it gets 421 (mailbox RPC §2.6). */
export type AccountRequest =
  | StoreRequest
  | RetrieveRequest
  | DeleteRequest
  | DeleteAllRequest
  | DeleteBeforeRequest
  | ExpireAllRequest
  | ExpireRequest
  | GetExpiriesRequest
  | RevokeSubaccountRequest
  | UnrevokeSubaccountRequest
  | RevokedSubaccountsRequest

/** A request that contains no others. */
export type SimpleRequest = AccountRequest | GetSwarmRequest | InfoRequest | OxendRequest | ActiveNodesBinRequest

/** Every request, parsed. */
export type MailboxRequest = SimpleRequest | BatchRequest | SequenceRequest | IfElseRequest

/** Whether a request is one that only the swarm of its account answers. */
export function isAccountRequest(request: MailboxRequest): request is AccountRequest {
  return 'account' in request && request.method !== 'get_swarm'
}
