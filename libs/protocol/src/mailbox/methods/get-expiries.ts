import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { readTimestamp, required } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccount } from '../params/read-account.ts'
import { readAuthentication } from '../params/read-authentication.ts'
import { readHashes } from '../params/read-hashes.ts'

/** Asks when messages expire (mailbox RPC §4.8). */
export interface GetExpiriesRequest {
  readonly method: 'get_expiries'
  readonly account: AccountId
  /** At least one, in request order. */
  readonly hashes: readonly string[]
  /** The time that the signature covers, in milliseconds. */
  readonly timestamp: number
  readonly authentication: Authentication
}

/** Reads the parameters of `get_expiries`. Throws `RpcError` 400. */
export function parseGetExpiries(params: Params): GetExpiriesRequest {
  const account = readAccount(params)
  const timestamp = required(readTimestamp(params, 'timestamp'), 'timestamp')
  const authentication = readAuthentication(params, account)
  return { method: 'get_expiries', account, hashes: readHashes(params), timestamp, authentication }
}
