import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { readBoolean } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccount } from '../params/read-account.ts'
import { readAuthentication } from '../params/read-authentication.ts'
import { readHashes } from '../params/read-hashes.ts'

/** Deletes messages by their hashes, in all namespaces (mailbox RPC §4.3). */
export interface DeleteRequest {
  readonly method: 'delete'
  readonly account: AccountId
  /** At least one, in request order. */
  readonly hashes: readonly string[]
  /** Whether to answer 404 when nothing was deleted. */
  readonly isRequired: boolean
  readonly authentication: Authentication
}

/** Reads the parameters of `delete`. Throws `RpcError` 400. */
export function parseDelete(params: Params): DeleteRequest {
  const isRequired = readBoolean(params, 'required') ?? false
  const account = readAccount(params)
  const authentication = readAuthentication(params, account)
  return { method: 'delete', account, hashes: readHashes(params), isRequired, authentication }
}
