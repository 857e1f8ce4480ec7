import { type Crypto } from '#crypto'
import { type AccountId, isKeyOfUser } from '../accounts/account-id.ts'
import { type KeyCheck } from '../accounts/key-check.ts'
import { type SignatureClaim } from './signature-claim.ts'
import { Permission, parseToken } from './token.ts'

/** Whether a token (36 bytes) is revoked for the account in question. */
export type IsRevoked = (token: Uint8Array) => boolean

/**
 * Whether a claim is proven for an account: by the owner, or by a subaccount whose token has the prefix of the account (or the flag
 * for any), has all flags needed, is signed by the owner and is not revoked (mailbox RPC §2.1, §5). Why it is not proven is not told.
 */
export function verifyClaim(
  crypto: Crypto,
  account: AccountId,
  claim: SignatureClaim,
  isRevoked: IsRevoked,
  isOwnKey: KeyCheck = (id, key) => isKeyOfUser(crypto, id, key),
): boolean {
  const { authentication, permissions, signedBytes } = claim
  const { pubkeyEd25519, signature, subaccount } = authentication
  const owner = pubkeyEd25519 ?? account.key
  if (pubkeyEd25519 !== undefined && !isOwnKey(account, pubkeyEd25519)) return false
  if (subaccount === undefined || permissions === undefined) return crypto.ed25519.verify(signature, signedBytes, owner)

  const token = parseToken(subaccount.token)
  return (
    token !== undefined &&
    (token.prefix === account.prefix || (token.flags & Permission.AnyPrefix) !== 0) &&
    (token.flags & permissions) === permissions &&
    (claim.allowsRevoked === true || !isRevoked(subaccount.token)) &&
    crypto.ed25519.verify(subaccount.signature, subaccount.token, owner) &&
    crypto.ed25519.verify(signature, signedBytes, token.key)
  )
}
