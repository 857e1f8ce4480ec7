import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { readTimestamp, required } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccount } from '../params/read-account.ts'
import { readOwnerAuthentication } from '../params/read-authentication.ts'
import { readTokens } from '../params/read-tokens.ts'

/** Makes subaccount tokens invalid (mailbox RPC §4.9). */
export interface RevokeSubaccountRequest {
  readonly method: 'revoke_subaccount'
  readonly account: AccountId
  /** At most 50, each 36 bytes, in request order. */
  readonly tokens: readonly Uint8Array[]
  /** The time that the signature covers, in milliseconds. */
  readonly timestamp: number
  readonly authentication: Authentication
}

/** Reads the parameters of `revoke_subaccount`. Throws `RpcError` 400. */
export function parseRevokeSubaccount(params: Params): RevokeSubaccountRequest {
  const account = readAccount(params)
  const timestamp = required(readTimestamp(params, 'timestamp'), 'timestamp')
  const authentication = readOwnerAuthentication(params, account)
  return { method: 'revoke_subaccount', account, tokens: readTokens(params, 'revoke'), timestamp, authentication }
}
