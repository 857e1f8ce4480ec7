import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { readNamespaceOrAll, readTimestamp, required } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccount } from '../params/read-account.ts'
import { readAuthentication } from '../params/read-authentication.ts'

/** Deletes messages whose time is not after another, in a namespace or in all (mailbox RPC §4.5). */
export interface DeleteBeforeRequest {
  readonly method: 'delete_before'
  readonly account: AccountId
  readonly namespace: number | 'all'
  /** The latest message time to delete, in milliseconds. */
  readonly before: number
  readonly authentication: Authentication
}

/** Reads the parameters of `delete_before`. Throws `RpcError` 400. */
export function parseDeleteBefore(params: Params): DeleteBeforeRequest {
  const namespace = readNamespaceOrAll(params) ?? 0
  const account = readAccount(params)
  const before = required(readTimestamp(params, 'before'), 'before')
  return { method: 'delete_before', account, namespace, before, authentication: readAuthentication(params, account) }
}
