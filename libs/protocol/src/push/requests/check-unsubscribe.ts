import { type AccountId } from '../../mailbox/accounts/account-id.ts'
import { PushErrorText } from '../errors.ts'
import { PUSH_CLOCK_TOLERANCE_S } from '../limits.ts'
import { unsubscribeSignedBytes } from '../signed-bytes.ts'
import { type DeviceToken } from '../token-rules/device-token.ts'
import { failed, readMembers } from './fields.ts'
import { type PushRequestContext } from './push-request-context.ts'
import { readDeviceRequest } from './read-device-request.ts'
import { readToken } from './read-token.ts'
import { verifyOwnership } from './verify-ownership.ts'

/** A device is to be woken no more for an account; verified. */
export interface UnsubscribeRequest extends DeviceToken {
  readonly account: AccountId
  readonly service: string
  /** When it was signed, in seconds. */
  readonly signedAt: number
}

/** Reads and judges one request, a JSON value, in the order of push §2.2: the token before the signature. Rejects with `PushRequestError`. */
export async function checkUnsubscribe(request: unknown, context: PushRequestContext): Promise<UnsubscribeRequest> {
  const read = readDeviceRequest(readMembers(request), context)
  const { authentication, service, signedAt } = read
  const token = readToken(read)
  if (Math.abs(context.now - signedAt) > PUSH_CLOCK_TOLERANCE_S) throw failed(PushErrorText.Error)
  const { account } = authentication
  await verifyOwnership(context, authentication, unsubscribeSignedBytes(account, signedAt))
  return { account, service, ...token, signedAt }
}
