import { type AccountId } from '../accounts/account-id.ts'
import { type Authentication } from '../authentication/authentication.ts'
import { fromBase64 } from '../base64.ts'
import { MAX_WAIT_MS } from '../limits.ts'
import { MESSAGE_HASH_LENGTH } from '../message-hash.ts'
import { isRetrievableByAnyone } from '../namespaces.ts'
import {
  either,
  readBinary,
  readInteger,
  readNamespace,
  readString,
  readTimestamp,
  readUnsigned,
  required,
} from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { readAccountOrAlias } from '../params/read-account.ts'
import { readAuthentication } from '../params/read-authentication.ts'
import { invalidRequest } from '../rpc-error.ts'

/** Gets the messages of a mailbox (mailbox RPC §4.2). */
export interface RetrieveRequest {
  readonly method: 'retrieve'
  readonly account: AccountId
  readonly namespace: number
  /** Only messages that came after this one are wanted. */
  readonly lastHash?: string
  /** Most messages wanted; none set when 0 or absent, no limit when negative. */
  readonly maxCount?: number
  /** Largest cost wanted; none set when 0 or absent, −k for the k-th part of the maximum. */
  readonly maxSize?: number
  /** How long to wait for a message when there is none, in milliseconds; 0 not at all. An extension that other servers ignore. */
  readonly wait: number
  /** Credentials with the time that they cover; absent when none are given. */
  readonly signed?: { readonly timestamp: number; readonly authentication: Authentication }
}

/** Reads the parameters of `retrieve`. Throws `RpcError` 400; that a signature is needed but absent in namespace 0 is found later. */
export function parseRetrieve(params: Params): RetrieveRequest {
  const lastHash = either(params, readString, 'last_hash', 'lastHash')
  const maxCount = readInteger(params, 'max_count')
  const maxSize = readInteger(params, 'max_size')
  const namespace = readNamespace(params)
  const timestamp = readTimestamp(params, 'timestamp')
  const wait = readUnsigned(params, 'wait') ?? 0
  const account = readAccountOrAlias(params)
  const signed = readSigned(params, account, namespace, timestamp)
  return {
    method: 'retrieve',
    account,
    namespace: namespace ?? 0,
    wait: Math.min(wait, MAX_WAIT_MS),
    ...(lastHash && { lastHash: checkedHash(lastHash) }),
    ...(maxCount && { maxCount }),
    ...(maxSize && { maxSize }),
    ...(signed && { signed }),
  }
}

function readSigned(
  params: Params,
  account: AccountId,
  namespace: number | undefined,
  timestamp: number | undefined,
): RetrieveRequest['signed'] {
  const isAttempted =
    readBinary(params, 'pubkey_ed25519') !== undefined ||
    readBinary(params, 'signature') !== undefined ||
    timestamp !== undefined ||
    (namespace !== undefined && !isRetrievableByAnyone(namespace))
  if (!isAttempted) return undefined
  const authentication = readAuthentication(params, account)
  return { timestamp: required(timestamp, 'timestamp'), authentication }
}

function checkedHash(text: string): string {
  if (text.length !== MESSAGE_HASH_LENGTH) throw invalidRequest('Invalid last_hash: expected base64 (43 chars)')
  if (fromBase64(text) === undefined) throw invalidRequest('Invalid last_hash: not base64')
  return text
}
