import type { IncomingHttpHeaders } from 'node:http'
import { decryptWebPush } from '#client/node/web-push/index'
import type { FakeSubscription } from './fake-subscription.ts'
import type { VapidJudge, VapidSender } from './vapid-judge.ts'

const MAX_BODY_LENGTH = 4096

/** A message that the push service has taken. */
export interface ReceivedPush {
  /** Id of the subscription. */
  readonly id: string
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number
  readonly ttl: number
  readonly urgency: string | undefined
  readonly topic: string | undefined
  readonly sender: VapidSender
  /** Length of the encrypted body. */
  readonly bodyLength: number
  /** What the device reads; undefined if the fake does not open messages. */
  readonly text: string | undefined
}

/** Why a request was not taken. */
export interface RefusedPush {
  readonly status: number
  readonly reason: string
}

export interface PushRequest {
  readonly subscription: FakeSubscription
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
  readonly receivedAt: number
}

/** Looks at a request as a strict push service does (RFC 8030 §5, RFC 8292 §4), and, if `opens`, as the device does. */
export async function judgePush(
  { subscription, headers, body, receivedAt }: PushRequest,
  { judge, opens }: { readonly judge: VapidJudge; readonly opens: boolean },
): Promise<ReceivedPush | RefusedPush> {
  if (headers.authorization === undefined) return { status: 401, reason: 'no VAPID header' }
  const sender = await judge.senderOf(headers.authorization)
  if (sender === undefined) return { status: 403, reason: 'VAPID header not valid here' }
  const { applicationServerKey: wanted = sender.publicKey, id, keys } = subscription
  if (sender.publicKey !== wanted) return { status: 403, reason: 'VAPID key of another sender' }
  const ttl = headers['ttl']
  if (typeof ttl !== 'string' || !/^\d{1,7}$/.test(ttl)) return { status: 400, reason: 'TTL' }
  const urgency = single(headers['urgency'])
  if (urgency !== undefined && !/^(very-low|low|normal|high)$/.test(urgency)) return { status: 400, reason: 'urgency' }
  if (headers['content-encoding'] !== 'aes128gcm') return { status: 415, reason: 'content encoding' }
  if (body.length > MAX_BODY_LENGTH) return { status: 413, reason: 'length' }
  let text: string | undefined
  if (opens) {
    try {
      text = Buffer.from(decryptWebPush({ ...keys, body })).toString()
    } catch {
      return { status: 400, reason: 'not readable for the device' }
    }
  }
  const topic = single(headers['topic'])
  return { id, receivedAt, ttl: Number(ttl), urgency, topic, sender, bodyLength: body.length, text }
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
