import type { Crypto, Ed25519 } from '#crypto'
import { type AccountRequest, signatureClaim } from '#protocol'
import type { Signatures } from './signatures.ts'

/**
 * Has the signature of an owner verified beforehand, away from the event loop.
 *
 * @returns `crypto`, whose `ed25519.verify` knows the verdict on exactly this signature, message and key, and computes any other; the
 *   judgement itself, with its order of checks, stays where it is (`checkRequest`)
 */
export async function withKnownSignature(
  crypto: Crypto,
  signatures: Signatures,
  request: AccountRequest,
): Promise<Crypto> {
  const claim = signatureClaim(request)
  // Two signatures depend on each other where a subaccount asks; these are rarer and verified where they are judged.
  if (claim === undefined || claim.authentication.subaccount !== undefined) return crypto
  const { signature, pubkeyEd25519: owner = request.account.key } = claim.authentication
  const isValid = await signatures.verify(signature, claim.signedBytes, owner)
  const verify: Ed25519['verify'] = (given, message, key) => {
    const isKnown =
      given === signature && crypto.timingSafeEqual(key, owner) && crypto.timingSafeEqual(message, claim.signedBytes)
    return isKnown ? isValid : crypto.ed25519.verify(given, message, key)
  }
  return { ...crypto, ed25519: { ...crypto.ed25519, verify } }
}
