import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { missing, readNamespace, readTimestamp, readUnsigned, required } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccountOrAlias } from '../params/read-account.ts'
import { readOptionalAuthentication } from '../params/read-authentication.ts'
import { readData } from '../params/read-data.ts'
import { invalidRequest } from '../rpc-error.ts'

/** Puts a message into a mailbox (mailbox RPC §4.1). */
export interface StoreRequest {
  readonly method: 'store'
  readonly account: AccountId
  readonly namespace: number
  /** The message time, in milliseconds. */
  readonly timestamp: number
  /** When the message expires, in milliseconds. */
  readonly expiry: number
  /** At most 76,800 bytes. */
  readonly data: Uint8Array
  /** The time that the signature covers, in milliseconds. */
  readonly signatureTimestamp: number
  readonly authentication?: Authentication
}

/** Reads the parameters of `store`. Throws `RpcError` 400. */
export function parseStore(params: Params): StoreRequest {
  const namespace = readNamespace(params) ?? 0
  const signatureTimestamp = readTimestamp(params, 'sig_timestamp')
  const account = readAccountOrAlias(params)
  const timestamp = required(readTimestamp(params, 'timestamp', true), 'timestamp')
  const expiry = readExpiry(params, timestamp)
  const data = readData(params)
  const authentication = readOptionalAuthentication(params, account)
  return {
    method: 'store',
    account,
    namespace,
    timestamp,
    expiry,
    data,
    signatureTimestamp: signatureTimestamp ?? timestamp,
    ...(authentication && { authentication }),
  }
}

function readExpiry(params: Params, timestamp: number): number {
  const expiry = readTimestamp(params, 'expiry')
  const ttl = readUnsigned(params, 'ttl', true)
  if (expiry !== undefined && ttl !== undefined) throw invalidRequest("Cannot specify both 'expiry' and 'ttl'")
  if (expiry !== undefined) return expiry
  if (ttl === undefined) throw missing("expiry' or 'ttl")
  return timestamp + ttl
}
