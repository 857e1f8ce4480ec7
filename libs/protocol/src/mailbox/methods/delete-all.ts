import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { readNamespaceOrAll, readTimestamp, required } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccount } from '../params/read-account.ts'
import { readAuthentication } from '../params/read-authentication.ts'

/** Deletes all messages of a namespace or of all (mailbox RPC §4.4). */
export interface DeleteAllRequest {
  readonly method: 'delete_all'
  readonly account: AccountId
  readonly namespace: number | 'all'
  /** The time that the signature covers, in milliseconds. */
  readonly timestamp: number
  readonly authentication: Authentication
}

/** Reads the parameters of `delete_all`. Throws `RpcError` 400. */
export function parseDeleteAll(params: Params): DeleteAllRequest {
  const namespace = readNamespaceOrAll(params) ?? 0
  const account = readAccount(params)
  const timestamp = required(readTimestamp(params, 'timestamp'), 'timestamp')
  return { method: 'delete_all', account, namespace, timestamp, authentication: readAuthentication(params, account) }
}
