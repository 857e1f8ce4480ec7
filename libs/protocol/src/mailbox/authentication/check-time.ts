import { FORWARDED_TOLERANCE_MS, MIN_TTL_MS, SIGNATURE_TOLERANCE_MS, STORE_TOLERANCE_MS } from '../limits.ts'
import { type StoreRequest } from '../methods/store.ts'
import { isPublicInbox, isRetrievableByAnyone, maxTtl } from '../namespaces.ts'
import { type AccountRequest } from '../request.ts'
import { RpcError } from '../rpc-error.ts'

/** What the judgement of a request's times depends on. */
export interface TimeContext {
  /** Server time, in milliseconds. */
  readonly now: number
  /** The network's hard fork, major and minor. */
  readonly hardFork: readonly [number, number]
  /** Whether another node of the swarm passes the request on. */
  readonly isForwarded?: boolean
}

/** Judges the times of a request, and whether it has the signature it needs. Throws `RpcError` (mailbox RPC §4). */
export function checkTime(request: AccountRequest, context: TimeContext): void {
  const { now } = context
  const tolerance = context.isForwarded === true ? FORWARDED_TOLERANCE_MS : SIGNATURE_TOLERANCE_MS
  switch (request.method) {
    case 'store':
      checkStore(request, now)
      break
    case 'retrieve':
      if (request.signed !== undefined) checkNear('retrieve', request.signed.timestamp, now)
      else if (!isRetrievableByAnyone(request.namespace)) {
        throw new RpcError(401, 'retrieve: request signature required')
      }
      break
    case 'delete':
      break
    case 'delete_all':
      checkNear('delete_all', request.timestamp, now, tolerance)
      break
    case 'delete_before':
      if (request.before > now + SIGNATURE_TOLERANCE_MS) {
        throw new RpcError(401, 'delete_before timestamp too far in the future')
      }
      break
    case 'expire_all':
      if (request.expiry < now - tolerance) throw new RpcError(406, 'expire_all timestamp should be >= current time')
      break
    case 'expire':
      if (request.expiries.some((expiry) => expiry < now - SIGNATURE_TOLERANCE_MS)) {
        throw new RpcError(401, 'expire: timestamp should be >= current time')
      }
      if (request.expiries.length > 1 && !hasManyExpiries(context.hardFork)) {
        throw new RpcError(403, 'expire: multi-expiry requests are not yet active on the network')
      }
      break
    case 'get_expiries':
    case 'revoke_subaccount':
    case 'unrevoke_subaccount':
    case 'revoked_subaccounts':
      checkNear(request.method, request.timestamp, now)
      break
  }
}

/** The order is that of the table in mailbox RPC §4.1. */
function checkStore({ authentication, expiry, namespace, signatureTimestamp, timestamp }: StoreRequest, now: number) {
  const ttl = expiry - timestamp
  if (ttl < MIN_TTL_MS || ttl > maxTtl(namespace)) throw new RpcError(403, 'Provided expiry/TTL is not valid.')
  if (timestamp > now + STORE_TOLERANCE_MS || expiry < now - STORE_TOLERANCE_MS) {
    throw new RpcError(406, 'Timestamp error: check your clock')
  }
  if (isPublicInbox(namespace)) return
  if (authentication === undefined) {
    throw new RpcError(401, `store: signature required to store to namespace ${namespace}`)
  }
  if (!isNear(signatureTimestamp, now, SIGNATURE_TOLERANCE_MS)) {
    throw new RpcError(406, 'store signature timestamp too far from current time')
  }
}

function checkNear(name: string, timestamp: number, now: number, tolerance = SIGNATURE_TOLERANCE_MS): void {
  if (!isNear(timestamp, now, tolerance)) throw new RpcError(406, `${name} timestamp too far from current time`)
}

function isNear(timestamp: number, now: number, tolerance: number): boolean {
  return Math.abs(now - timestamp) <= tolerance
}

/** From hard fork 19.4 on. */
function hasManyExpiries([major, minor]: readonly [number, number]): boolean {
  return major > 19 || (major === 19 && minor >= 4)
}
