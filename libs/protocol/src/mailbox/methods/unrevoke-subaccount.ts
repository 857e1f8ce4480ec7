import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { readTimestamp, required } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccount } from '../params/read-account.ts'
import { readOwnerAuthentication } from '../params/read-authentication.ts'
import { readTokens } from '../params/read-tokens.ts'

/** Makes revoked subaccount tokens valid again (mailbox RPC §4.9). */
export interface UnrevokeSubaccountRequest {
  readonly method: 'unrevoke_subaccount'
  readonly account: AccountId
  /** At most 50, each 36 bytes, in request order. */
  readonly tokens: readonly Uint8Array[]
  /** The time that the signature covers, in milliseconds. */
  readonly timestamp: number
  readonly authentication: Authentication
}

/** Reads the parameters of `unrevoke_subaccount`. Throws `RpcError` 400. */
export function parseUnrevokeSubaccount(params: Params): UnrevokeSubaccountRequest {
  const account = readAccount(params)
  const timestamp = required(readTimestamp(params, 'timestamp'), 'timestamp')
  const authentication = readOwnerAuthentication(params, account)
  return { method: 'unrevoke_subaccount', account, tokens: readTokens(params, 'unrevoke'), timestamp, authentication }
}
