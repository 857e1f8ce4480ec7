import { type Crypto } from '#crypto'
import { type KeyCheck } from '../accounts/key-check.ts'
import { type AccountRequest } from '../request.ts'
import { RpcError } from '../rpc-error.ts'
import { checkTime } from './check-time.ts'
import { signatureClaim } from './signature-claim.ts'
import { Permission, parseToken } from './token.ts'
import { type IsRevoked, verifyClaim } from './verify-claim.ts'

/** What the judgement of a request depends on. */
export interface CheckContext {
  /** Server time, in milliseconds. */
  readonly now: number
  /** Whether a token is revoked for the account; asked only if `needsRevocations`. */
  readonly isRevoked: IsRevoked
  /** How a key is found to be the account's; without memory unless given. */
  readonly isKeyOfUser?: KeyCheck
  /** The network's hard fork, major and minor. */
  readonly hardFork: readonly [number, number]
  /** Whether another node of the swarm passes the request on, which widens some time windows. */
  readonly isForwarded?: boolean
}

/**
 * Judges a parsed request in the order of mailbox RPC §2.6, after the swarm was found to be the right one: time, signature, and what
 * depends on them. Throws `RpcError` 401, 403, 406 or 400 with the text of the method; what returns may be carried out.
 */
export function checkRequest(crypto: Crypto, request: AccountRequest, context: CheckContext): void {
  checkTime(request, context)
  const claim = signatureClaim(request)
  if (claim === undefined) return
  if (!verifyClaim(crypto, request.account, claim, context.isRevoked, context.isKeyOfUser)) {
    throw new RpcError(401, SIGNATURE_FAILED[request.method])
  }
  if (request.method === 'expire' && request.mode === 'shorten' && !mayDelete(request.authentication)) {
    throw new RpcError(
      400,
      'expire: shorten parameter cannot be used with this subaccount token (missing delete access)',
    )
  }
}

/** Whether `checkRequest` will ask for revoked tokens: only then is the account's list worth loading. */
export function needsRevocations(request: AccountRequest): boolean {
  const claim = signatureClaim(request)
  return (
    claim?.authentication.subaccount !== undefined && claim.permissions !== undefined && claim.allowsRevoked !== true
  )
}

/** Whether whoever asks may delete: the owner, or a subaccount with that flag. */
export function mayDelete({ subaccount }: { readonly subaccount?: { readonly token: Uint8Array } }): boolean {
  return subaccount === undefined || ((parseToken(subaccount.token)?.flags ?? 0) & Permission.Delete) !== 0
}

const SIGNATURE_FAILED: Readonly<Record<AccountRequest['method'], string>> = {
  store: 'store signature verification failed',
  retrieve: 'retrieve signature verification failed',
  delete: 'delete_msgs signature verification failed',
  delete_all: 'delete_all signature verification failed',
  delete_before: 'delete_before signature verification failed',
  expire_all: 'expire_all signature verification failed',
  expire: 'expire: signature verification failed',
  get_expiries: 'get_expiries signature verification failed',
  revoke_subaccount: 'revoke_subaccount signature verification failed',
  unrevoke_subaccount: 'unrevoke_subaccount signature verification failed',
  revoked_subaccounts: 'revoked_subaccounts signature verification failed',
}
