import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { readBinary, readTimestamp, required } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccount } from '../params/read-account.ts'
import { readOwnerAuthentication } from '../params/read-authentication.ts'

/** Lists the revoked tokens of an account (mailbox RPC §4.10). */
export interface RevokedSubaccountsRequest {
  readonly method: 'revoked_subaccounts'
  readonly account: AccountId
  /** The time that the signature covers, in milliseconds. */
  readonly timestamp: number
  readonly authentication: Authentication
}

/** Reads the parameters of `revoked_subaccounts`; `pubkey_ed25519` is ignored. Throws `RpcError` 400. */
export function parseRevokedSubaccounts(params: Params): RevokedSubaccountsRequest {
  readBinary(params, 'pubkey_ed25519')
  const account = readAccount(params)
  const timestamp = required(readTimestamp(params, 'timestamp'), 'timestamp')
  const { signature } = readOwnerAuthentication(withoutKey(params), account)
  return { method: 'revoked_subaccounts', account, timestamp, authentication: { signature } }
}

function withoutKey(params: Params): Params {
  return { form: params.form, get: (name) => (name === 'pubkey_ed25519' ? undefined : params.get(name)) }
}
