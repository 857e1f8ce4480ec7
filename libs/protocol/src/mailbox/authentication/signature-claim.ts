import { isPublicInbox, isPublicOutbox, isUnrevocable } from '../namespaces.ts'
import { type AccountRequest } from '../request.ts'
import { type Authentication } from './authentication.ts'
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
} from './signed-bytes.ts'
import { Permission } from './token.ts'

/** What the signature of a request has to prove. */
export interface SignatureClaim {
  readonly authentication: Authentication
  /** What is signed. */
  readonly signedBytes: Uint8Array
  /** Flags a subaccount must have; undefined when the owner alone may ask. */
  readonly permissions: number | undefined
  /** Whether a revoked subaccount may ask all the same. */
  readonly allowsRevoked?: boolean
}

/**
 * The claim of a request (mailbox RPC §4, §5); undefined when no signature is to be verified: a store into a public inbox, whatever
 * it carries, and a retrieve or store without one.
 */
export function signatureClaim(request: AccountRequest): SignatureClaim | undefined {
  switch (request.method) {
    case 'store': {
      const { authentication, namespace } = request
      if (authentication === undefined || isPublicInbox(namespace)) return undefined
      // A store into an outbox replaces what is in it.
      const permissions = isPublicOutbox(namespace) ? Permission.Write | Permission.Delete : Permission.Write
      return { authentication, permissions, signedBytes: storeSignedBytes(namespace, request.signatureTimestamp) }
    }
    case 'retrieve': {
      if (request.signed === undefined) return undefined
      const { authentication, timestamp } = request.signed
      return {
        authentication,
        permissions: Permission.Read,
        signedBytes: retrieveSignedBytes(request.namespace, timestamp),
        allowsRevoked: isUnrevocable(request.namespace),
      }
    }
    case 'get_expiries':
      return claim(request, Permission.Read, getExpiriesSignedBytes(request.timestamp, request.hashes))
    case 'expire':
      return claim(request, Permission.Write, expireSignedBytes(request.mode, request.expiries, request.hashes))
    case 'delete':
      return claim(request, Permission.Delete, deleteSignedBytes(request.hashes))
    case 'delete_all':
      return claim(request, Permission.Delete, deleteAllSignedBytes(request.namespace, request.timestamp))
    case 'delete_before':
      return claim(request, Permission.Delete, deleteBeforeSignedBytes(request.namespace, request.before))
    case 'expire_all':
      return claim(request, Permission.Delete, expireAllSignedBytes(request.namespace, request.expiry))
    case 'revoke_subaccount':
    case 'unrevoke_subaccount':
      return claim(request, undefined, revocationSignedBytes(request.method, request.timestamp, request.tokens))
    case 'revoked_subaccounts':
      return claim(request, undefined, revokedSubaccountsSignedBytes(request.timestamp))
  }
}

function claim(
  request: { readonly authentication: Authentication },
  permissions: number | undefined,
  signedBytes: Uint8Array,
): SignatureClaim {
  return { authentication: request.authentication, permissions, signedBytes }
}
