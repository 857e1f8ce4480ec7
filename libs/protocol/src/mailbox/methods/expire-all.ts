import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { readExactTimestamp, readNamespaceOrAll, required, type WireInteger } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccount } from '../params/read-account.ts'
import { readAuthentication } from '../params/read-authentication.ts'

/** Shortens the expiry of all messages that expire later, in a namespace or in all (mailbox RPC §4.6). */
export interface ExpireAllRequest {
  readonly method: 'expire_all'
  readonly account: AccountId
  readonly namespace: number | 'all'
  /** The latest expiry to leave, in milliseconds. */
  readonly expiry: WireInteger
  readonly authentication: Authentication
}

/** Reads the parameters of `expire_all`. Throws `RpcError` 400. */
export function parseExpireAll(params: Params): ExpireAllRequest {
  const namespace = readNamespaceOrAll(params) ?? 0
  const account = readAccount(params)
  const expiry = required(readExactTimestamp(params, 'expiry'), 'expiry')
  return { method: 'expire_all', account, namespace, expiry, authentication: readAuthentication(params, account) }
}
