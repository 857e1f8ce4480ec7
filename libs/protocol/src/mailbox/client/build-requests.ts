import { type AccountId } from '../accounts/account-id.ts'
import {
  deleteAllSignedBytes,
  deleteBeforeSignedBytes,
  deleteSignedBytes,
  expireAllSignedBytes,
  expireSignedBytes,
  getExpiriesSignedBytes,
  retrieveSignedBytes,
  revocationSignedBytes,
  revokedSubaccountsSignedBytes,
  storeSignedBytes,
} from '../authentication/signed-bytes.ts'
import { type DeleteRequest } from '../methods/delete.ts'
import { type DeleteAllRequest } from '../methods/delete-all.ts'
import { type DeleteBeforeRequest } from '../methods/delete-before.ts'
import { type ExpireRequest } from '../methods/expire.ts'
import { type ExpireAllRequest } from '../methods/expire-all.ts'
import { type GetExpiriesRequest } from '../methods/get-expiries.ts'
import { type RetrieveRequest } from '../methods/retrieve.ts'
import { type RevokeSubaccountRequest } from '../methods/revoke-subaccount.ts'
import { type RevokedSubaccountsRequest } from '../methods/revoked-subaccounts.ts'
import { type StoreRequest } from '../methods/store.ts'
import { type UnrevokeSubaccountRequest } from '../methods/unrevoke-subaccount.ts'
import { type RequestSigner } from './request-signer.ts'

/** Signed requests of clients, method by method (mailbox RPC §4). Times are in milliseconds of the network's clock. */

/** What a message to store consists of. */
export interface MessageToStore {
  readonly namespace: number
  readonly timestamp: number
  /** How long it is kept. */
  readonly ttl: number
  /** At most 76,800 bytes. */
  readonly data: Uint8Array
  /** The time to sign, if not `timestamp`. */
  readonly signatureTimestamp?: number
}

/** What is asked of a mailbox. */
export type RetrieveOptions = Partial<Pick<RetrieveRequest, 'lastHash' | 'maxCount' | 'maxSize' | 'wait'>> & {
  readonly namespace: number
}

/** A store into a public inbox, as anybody may make it. */
export function buildUnsignedStore(account: AccountId, message: MessageToStore): StoreRequest {
  const { namespace, timestamp, ttl, data, signatureTimestamp = timestamp } = message
  return { method: 'store', account, namespace, timestamp, expiry: timestamp + ttl, data, signatureTimestamp }
}

export function buildStore(signer: RequestSigner, message: MessageToStore): StoreRequest {
  const request = buildUnsignedStore(signer.account, message)
  const signedBytes = storeSignedBytes(request.namespace, request.signatureTimestamp)
  return { ...request, authentication: signer.authenticate(signedBytes) }
}

/** A retrieve from a namespace that gives to whoever asks. */
export function buildUnsignedRetrieve(account: AccountId, options: RetrieveOptions): RetrieveRequest {
  return { method: 'retrieve', account, wait: 0, ...options }
}

export function buildRetrieve(signer: RequestSigner, options: RetrieveOptions, timestamp: number): RetrieveRequest {
  const authentication = signer.authenticate(retrieveSignedBytes(options.namespace, timestamp))
  return { ...buildUnsignedRetrieve(signer.account, options), signed: { timestamp, authentication } }
}

export function buildDelete(signer: RequestSigner, hashes: readonly string[], isRequired = false): DeleteRequest {
  const authentication = signer.authenticate(deleteSignedBytes(hashes))
  return { method: 'delete', account: signer.account, hashes, isRequired, authentication }
}

export function buildDeleteAll(signer: RequestSigner, namespace: number | 'all', timestamp: number): DeleteAllRequest {
  const authentication = signer.authenticate(deleteAllSignedBytes(namespace, timestamp))
  return { method: 'delete_all', account: signer.account, namespace, timestamp, authentication }
}

export function buildDeleteBefore(
  signer: RequestSigner,
  namespace: number | 'all',
  before: number,
): DeleteBeforeRequest {
  const authentication = signer.authenticate(deleteBeforeSignedBytes(namespace, before))
  return { method: 'delete_before', account: signer.account, namespace, before, authentication }
}

export function buildExpireAll(signer: RequestSigner, namespace: number | 'all', expiry: number): ExpireAllRequest {
  const authentication = signer.authenticate(expireAllSignedBytes(namespace, expiry))
  return { method: 'expire_all', account: signer.account, namespace, expiry, authentication }
}

/** `expiries`: one for all messages or one for each. */
export function buildExpire(
  signer: RequestSigner,
  hashes: readonly string[],
  expiries: readonly number[],
  mode?: 'shorten' | 'extend',
): ExpireRequest {
  const authentication = signer.authenticate(expireSignedBytes(mode, expiries, hashes))
  return { method: 'expire', account: signer.account, hashes, expiries, ...(mode && { mode }), authentication }
}

export function buildGetExpiries(
  signer: RequestSigner,
  hashes: readonly string[],
  timestamp: number,
): GetExpiriesRequest {
  const authentication = signer.authenticate(getExpiriesSignedBytes(timestamp, hashes))
  return { method: 'get_expiries', account: signer.account, hashes, timestamp, authentication }
}

export function buildRevokeSubaccount(
  signer: RequestSigner,
  tokens: readonly Uint8Array[],
  timestamp: number,
): RevokeSubaccountRequest {
  const authentication = signer.authenticate(revocationSignedBytes('revoke_subaccount', timestamp, tokens))
  return { method: 'revoke_subaccount', account: signer.account, tokens, timestamp, authentication }
}

export function buildUnrevokeSubaccount(
  signer: RequestSigner,
  tokens: readonly Uint8Array[],
  timestamp: number,
): UnrevokeSubaccountRequest {
  const authentication = signer.authenticate(revocationSignedBytes('unrevoke_subaccount', timestamp, tokens))
  return { method: 'unrevoke_subaccount', account: signer.account, tokens, timestamp, authentication }
}

/** Groups only: the reference verifies it with the 32 bytes of the account, whatever key is given. */
export function buildRevokedSubaccounts(signer: RequestSigner, timestamp: number): RevokedSubaccountsRequest {
  const { signature } = signer.authenticate(revokedSubaccountsSignedBytes(timestamp))
  return { method: 'revoked_subaccounts', account: signer.account, timestamp, authentication: { signature } }
}
