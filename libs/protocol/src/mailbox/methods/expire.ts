import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { readBoolean, readTimestamps, required, type WireInteger } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccount } from '../params/read-account.ts'
import { readAuthentication } from '../params/read-authentication.ts'
import { readHashes } from '../params/read-hashes.ts'
import { invalidRequest } from '../rpc-error.ts'

/** Changes the expiry of messages (mailbox RPC §4.7). */
export interface ExpireRequest {
  readonly method: 'expire'
  readonly account: AccountId
  /** At least one, in request order. */
  readonly hashes: readonly string[]
  /** One for all messages or one for each, in milliseconds and in request order. */
  readonly expiries: readonly WireInteger[]
  /** The flag that is given, if any; it is part of the signed text. */
  readonly mode?: 'shorten' | 'extend'
  readonly authentication: Authentication
}

/** Reads the parameters of `expire`. Throws `RpcError` 400. */
export function parseExpire(params: Params): ExpireRequest {
  const extend = readBoolean(params, 'extend')
  const shorten = readBoolean(params, 'shorten')
  const account = readAccount(params)
  const authentication = readAuthentication(params, account)
  const hashes = readHashes(params)
  const expiries = required(readTimestamps(params, 'expiry'), 'expiry')
  if (shorten === true && extend === true) throw invalidRequest("cannot specify both 'shorten' and 'extend'")
  if (expiries.length !== 1 && expiries.length !== hashes.length) {
    throw invalidRequest("'expiry' must be a single expiry, or the same length as 'messages'")
  }
  const mode = shorten ? 'shorten' : extend ? 'extend' : undefined
  return { method: 'expire', account, hashes, expiries, ...(mode && { mode }), authentication }
}
