import { type Crypto, utf8 } from '#crypto'
import { type AccountId } from '../accounts/account-id.ts'
import { type Subaccount } from '../authentication/authentication.ts'
import { Permission, parseToken } from '../authentication/token.ts'
import { MonitorError, MonitorErrorCode } from './monitor-error.ts'
import { type MonitorRequest } from './monitor-request.ts'

/** How old the signature of a subscription may be, in seconds, inclusive (mailbox RPC §8). */
export const MAX_MONITOR_AGE_S = 14 * 86_400
/** How far it may lie ahead, in seconds, inclusive. */
export const MAX_MONITOR_AHEAD_S = 86_400
/** How long a subscription lives, in milliseconds. */
export const MONITOR_LIFETIME_MS = 65 * 60_000

/** What a subscriber signs (mailbox RPC §8); `timestamp` in seconds. */
export function monitorSignedBytes(
  account: AccountId,
  request: Pick<MonitorRequest, 'timestamp' | 'withData' | 'namespaces'>,
): Uint8Array {
  const { timestamp, withData, namespaces } = request
  return utf8(`MONITOR${account.hex}${timestamp}${withData ? 1 : 0}${namespaces.join(',')}`)
}

/** Judges a subscription at server time `now` (milliseconds): time, then signature. Revoked tokens are not asked for. Throws `MonitorError`. */
export function checkMonitorRequest(crypto: Crypto, request: MonitorRequest, now: number): void {
  const seconds = Math.floor(now / 1000)
  if (request.timestamp < seconds - MAX_MONITOR_AGE_S) throw invalidTime('timestamp is too old')
  if (request.timestamp > seconds + MAX_MONITOR_AHEAD_S) throw invalidTime('timestamp is in the future')
  const key = request.subaccount === undefined ? request.ownerKey : tokenKey(crypto, request, request.subaccount)
  if (!crypto.ed25519.verify(request.signature, monitorSignedBytes(request.account, request), key)) {
    throw new MonitorError(MonitorErrorCode.Signature, 'Signature verification failed')
  }
}

function tokenKey(crypto: Crypto, { account, ownerKey }: MonitorRequest, subaccount: Subaccount): Uint8Array {
  const token = parseToken(subaccount.token)
  if (token === undefined) throw invalidSubaccount('subaccount token signature verification failed')
  if (token.prefix !== account.prefix && (token.flags & Permission.AnyPrefix) === 0) {
    throw invalidSubaccount('subaccount network prefix mismatch')
  }
  if ((token.flags & Permission.Read) === 0) {
    throw invalidSubaccount('subaccount is missing the required permissions')
  }
  if (!crypto.ed25519.verify(subaccount.signature, subaccount.token, ownerKey)) {
    throw invalidSubaccount('subaccount token signature verification failed')
  }
  return token.key
}

function invalidTime(reason: string): MonitorError {
  return new MonitorError(MonitorErrorCode.Time, `Invalid t= signature timestamp: ${reason}`)
}

function invalidSubaccount(reason: string): MonitorError {
  return new MonitorError(MonitorErrorCode.Signature, `Subaccount verification failed: ${reason}`)
}
