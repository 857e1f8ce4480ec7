import { concat, type Crypto, utf8 } from '#crypto'
import { accountId, type AccountId, GROUP_PREFIX } from '../accounts/account-id.ts'
import { createToken, encodeToken, Permission } from '../authentication/token.ts'
import { MemberAuthError } from '../errors.ts'
import {
  addScalars,
  encodeScalar,
  fromX25519PublicKey,
  multiplyBase,
  multiplyPoint,
  multiplyScalars,
  negateScalar,
  reduceScalar,
} from './ed25519-arithmetic.ts'

const MASK_KEY = utf8('SessionGroupSubaccountMask')
const SEED_KEY = utf8('SubaccountSeed')
const SIGNATURE_KEY = utf8('SubaccountSig')

/** Bytes of what an admin gives to a member: prefix, flags, two zeros, blinding factor (32), signature (64). */
export const MEMBER_AUTH_LENGTH = 100

/** The flags of an ordinary member (mailbox RPC §5.1). */
export const MEMBER_FLAGS: number = Permission.Read | Permission.Write

/** A token that a member of a group can use, and the factor that blinds the member's key in it. */
export interface BlindedToken {
  /** 36 bytes. */
  readonly token: Uint8Array
  /** The group's signature over the token, 64 bytes. */
  readonly signature: Uint8Array
  /** 32 bytes. */
  readonly factor: Uint8Array
}

/** The token of a member (`05` account) for a group of this 32-byte seed (mailbox RPC §5.1, steps of the admin). */
export function createBlindedToken(
  crypto: Crypto,
  groupSeed: Uint8Array,
  member: AccountId,
  flags: number = MEMBER_FLAGS,
): BlindedToken {
  const group = accountId(GROUP_PREFIX, crypto.ed25519.publicKey(groupSeed))
  const mask = crypto.blake2b(groupSeed, { length: 32, key: MASK_KEY })
  const factor = reduceScalar(crypto.blake2b(concat(member.bytes, group.bytes), { length: 64, key: mask }))
  const key = multiplyPoint(fromX25519PublicKey(member.key), factor)
  return { ...createToken(crypto, groupSeed, key, flags), factor: encodeScalar(factor) }
}

/** What the admin gives to the member: 100 bytes out of which the member makes token and signatures (mailbox RPC §5.1). */
export function encodeMemberAuth({ token, signature, factor }: BlindedToken): Uint8Array {
  return concat(token.subarray(0, 4), factor, signature)
}

/** A member who can sign as a subaccount. */
export interface BlindedMember {
  /** 36 bytes. */
  readonly token: Uint8Array
  /** The group's signature over the token, 64 bytes. */
  readonly tokenSignature: Uint8Array
  /** A 64-byte signature under the token's key; the same bytes for the same message (mailbox RPC §5.1, step 3 and 4). */
  sign(message: Uint8Array): Uint8Array
}

/**
 * The member with this 32-byte Ed25519 seed who was given `memberAuth` (mailbox RPC §5.1, steps of the member). Throws
 * `MemberAuthError` when that is not of 100 bytes, or is not signed by the group for this member.
 */
export function blindedMember(
  crypto: Crypto,
  group: AccountId,
  memberSeed: Uint8Array,
  memberAuth: Uint8Array,
): BlindedMember {
  const [prefix, flags] = memberAuth
  if (memberAuth.length !== MEMBER_AUTH_LENGTH || prefix === undefined || flags === undefined) {
    throw new MemberAuthError('the credentials of a member are not 100 bytes long')
  }
  const factor = reduceScalar(memberAuth.subarray(4, 36))
  const tokenSignature = memberAuth.subarray(36)
  const own = unsignedPair(crypto, memberSeed)
  const key = multiplyPoint(own.publicKey, factor)
  const token = encodeToken({ prefix, flags, key })
  if (!crypto.ed25519.verify(tokenSignature, token, group.key)) {
    throw new MemberAuthError('the credentials of a member are not signed by the group')
  }
  const scalar = multiplyScalars(factor, own.scalar)
  const nonceSeed = crypto.blake2b(memberSeed, { length: 32, key: SEED_KEY })
  return {
    token,
    tokenSignature,
    sign(message) {
      const nonce = crypto.blake2b(concat(nonceSeed, key, message), { length: 64, key: SIGNATURE_KEY })
      const r = reduceScalar(nonce)
      const encodedR = multiplyBase(r)
      const challenge = reduceScalar(crypto.sha512(concat(encodedR, key, message)))
      return concat(encodedR, encodeScalar(addScalars(r, multiplyScalars(challenge, scalar))))
    },
  }
}

/** The pair of a seed, negated if necessary so that the sign bit of the key is 0: the point the admin found from the X25519 key. */
function unsignedPair(crypto: Crypto, seed: Uint8Array): { scalar: bigint; publicKey: Uint8Array } {
  const scalar = reduceScalar(crypto.ed25519.toX25519PrivateKey(seed))
  const publicKey = Uint8Array.from(crypto.ed25519.publicKey(seed))
  const last = publicKey[31] ?? 0
  if (last < 0x80) return { scalar, publicKey }
  publicKey[31] = last & 0x7f
  return { scalar: negateScalar(scalar), publicKey }
}
