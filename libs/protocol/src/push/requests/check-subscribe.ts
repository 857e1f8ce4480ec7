import { monitorSignedBytes } from '../../mailbox/monitor/check-monitor-request.ts'
import { PushErrorCode } from '../errors.ts'
import { PUSH_CLOCK_TOLERANCE_S, PUSH_SUBSCRIPTION_LIFETIME_S } from '../limits.ts'
import { type UnsubscribeRequest } from './check-unsubscribe.ts'
import { failed, readBoolean, readBytes, readMembers, readNamespaces } from './fields.ts'
import { type PushRequestContext } from './push-request-context.ts'
import { readDeviceRequest } from './read-device-request.ts'
import { readToken } from './read-token.ts'
import { verifyOwnership } from './verify-ownership.ts'

const ENCRYPTION_KEY_LENGTH = 32

/** A device is to be woken for an account; verified. */
export interface SubscribeRequest extends UnsubscribeRequest {
  /** The device's key for payloads, 32 bytes. */
  readonly encryptionKey: Uint8Array
  /** Strictly ascending, at least one, each of 16 bits. */
  readonly namespaces: readonly number[]
  /** Whether the body of a message is to be part of the payload. */
  readonly wantsData: boolean
}

/** Reads and judges one request, a JSON value, in the order of push §2.2: the signature before the token. Rejects with `PushRequestError`. */
export async function checkSubscribe(request: unknown, context: PushRequestContext): Promise<SubscribeRequest> {
  const members = readMembers(request)
  const read = readDeviceRequest(members, context)
  const { authentication, service, signedAt } = read
  const encryptionKey = readBytes(members, 'enc_key', ENCRYPTION_KEY_LENGTH, PushErrorCode.BadInput)
  const namespaces = readNamespaces(members, 'namespaces', PushErrorCode.BadInput)
  const wantsData = readBoolean(members, 'data', PushErrorCode.BadInput)
  checkNamespaces(namespaces)
  checkTime(signedAt, context.now)
  const { account } = authentication
  const signedBytes = monitorSignedBytes(account, { timestamp: signedAt, withData: wantsData, namespaces })
  await verifyOwnership(context, authentication, signedBytes)
  return { account, service, ...readToken(read), signedAt, encryptionKey, namespaces, wantsData }
}

function checkNamespaces(namespaces: readonly number[]): void {
  if (namespaces.length === 0) throw failed('Subscription: namespaces missing or empty')
  namespaces.forEach((namespace, i) => {
    const previous = namespaces[i - 1] ?? -Infinity
    if (namespace < previous) throw failed('Subscription: namespaces are not sorted numerically')
    if (namespace === previous) throw failed('Subscription: namespaces contains duplicates')
  })
}

function checkTime(signedAt: number, now: number): void {
  if (signedAt === 0) throw failed('Subscription: signature timestamp is missing')
  if (signedAt <= now - PUSH_SUBSCRIPTION_LIFETIME_S) {
    throw failed(`Subscription: sig_ts timestamp is too old (${now - signedAt}s)`)
  }
  if (signedAt >= now + PUSH_CLOCK_TOLERANCE_S) throw failed('Subscription: sig_ts timestamp is too far in the future')
}
