import { type Crypto } from '#crypto'
import { accountId, type AccountId, GROUP_PREFIX, userAccountId } from '../accounts/account-id.ts'
import { type Authentication, type Subaccount } from '../authentication/authentication.ts'
import { blindedMember } from './blinded-token.ts'

/** Who signs requests for an account. */
export interface RequestSigner {
  readonly account: AccountId
  /** The authentication of a request with this signed text. */
  authenticate(signedBytes: Uint8Array): Authentication
}

/** A user, by the 32-byte Ed25519 seed of the account. */
export function userSigner(crypto: Crypto, seed: Uint8Array): RequestSigner {
  const signer = crypto.ed25519.createSigner(seed)
  return {
    account: userAccountId(crypto, signer.publicKey),
    authenticate: (signedBytes) => ({ signature: signer.sign(signedBytes), pubkeyEd25519: signer.publicKey }),
  }
}

/** An admin of a group, by the 32-byte seed of the group. */
export function groupSigner(crypto: Crypto, groupSeed: Uint8Array): RequestSigner {
  const signer = crypto.ed25519.createSigner(groupSeed)
  return {
    account: accountId(GROUP_PREFIX, signer.publicKey),
    authenticate: (signedBytes) => ({ signature: signer.sign(signedBytes) }),
  }
}

/** A subaccount whose token holds the key of this 32-byte seed, as it is. */
export function subaccountSigner(
  crypto: Crypto,
  account: AccountId,
  subaccount: Subaccount,
  seed: Uint8Array,
): RequestSigner {
  const signer = crypto.ed25519.createSigner(seed)
  return { account, authenticate: (signedBytes) => ({ signature: signer.sign(signedBytes), subaccount }) }
}

/**
 * A member of a group, by the 32-byte seed of the member's own account and the 100 bytes an admin gave. Throws `MemberAuthError` when they
 * do not belong together.
 */
export function memberSigner(
  crypto: Crypto,
  group: AccountId,
  memberSeed: Uint8Array,
  memberAuth: Uint8Array,
): RequestSigner {
  const member = blindedMember(crypto, group, memberSeed, memberAuth)
  const subaccount = { token: member.token, signature: member.tokenSignature }
  return { account: group, authenticate: (signedBytes) => ({ signature: member.sign(signedBytes), subaccount }) }
}
