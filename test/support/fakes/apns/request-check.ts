import type { IncomingHttpHeaders } from 'node:http2'

/** What APNs answers to a request that breaks its rules. */
export interface Fault {
  readonly status: number
  readonly reason: string
}

const LONGEST_PAYLOAD = 4096

/** The first rule of APNs that a request breaks, its provider token aside; undefined when it is good. */
export function requestFault(headers: IncomingHttpHeaders, bodyLength: number, topic: string): Fault | undefined {
  const path = headers[':path'] ?? ''
  if (headers[':method'] !== 'POST') return { status: 405, reason: 'MethodNotAllowed' }
  if (!path.startsWith('/3/device/')) return { status: 404, reason: 'BadPath' }
  if (!/^\/3\/device\/[0-9a-f]{64}$/i.test(path)) return { status: 400, reason: 'BadDeviceToken' }
  if (headers['apns-topic'] === undefined) return { status: 400, reason: 'MissingTopic' }
  if (headers['apns-topic'] !== topic) return { status: 400, reason: 'TopicDisallowed' }
  if (headers['apns-push-type'] !== 'alert') return { status: 400, reason: 'InvalidPushType' }
  if (!['1', '5', '10'].includes(String(headers['apns-priority']))) return { status: 400, reason: 'BadPriority' }
  if (!/^\d+$/.test(String(headers['apns-expiration']))) return { status: 400, reason: 'BadExpirationDate' }
  if (bodyLength === 0) return { status: 400, reason: 'PayloadEmpty' }
  if (bodyLength > LONGEST_PAYLOAD) return { status: 413, reason: 'PayloadTooLarge' }
  return undefined
}
