import { Permission, parseToken } from '../../mailbox/authentication/token.ts'
import { failed } from './fields.ts'
import { type PushRequestContext, type VerifySignature } from './push-request-context.ts'
import { type PushAuthentication } from './read-device-request.ts'

/**
 * Verifies that the owner of the account, or a subaccount that may read, has signed `message`; the first rule that is broken decides
 * (push §3). Rejects with `PushRequestError`.
 */
export async function verifyOwnership(
  context: PushRequestContext,
  authentication: PushAuthentication,
  message: Uint8Array,
): Promise<void> {
  const verify: VerifySignature = context.verify ?? ((...claim) => context.crypto.ed25519.verify(...claim))
  const { account, ownerKey, signature, subaccount } = authentication
  if (subaccount === undefined) {
    if (!(await verify(signature, message, ownerKey))) throw failed('Signature verification failed')
    return
  }
  const token = parseToken(subaccount.token)
  if (token === undefined || (token.flags & Permission.Read) === 0) {
    throw failed('Invalid subaccount: this subaccount does not have read permission')
  }
  if (token.prefix !== account.prefix && (token.flags & Permission.AnyPrefix) === 0) {
    throw failed('Invalid subaccount: subaccount and main account have mismatched network prefix')
  }
  if (!(await verify(subaccount.signature, subaccount.token, ownerKey))) {
    throw failed('Subaccount auth signature verification failed')
  }
  if (!(await verify(signature, message, token.key))) throw failed('Subaccount main signature verification failed')
}
