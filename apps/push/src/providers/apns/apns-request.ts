import type { Http2Request } from '../http2/index.ts'
import type { OutgoingNotification } from '../provider.ts'

/** The newer generation asks APNs to keep a notification for so long (push §7.1). */
const LONGEST_LIFE_MS = 24 * 3600_000

/** What every notification says in the clear; the extension in the app replaces it by what it decrypts (push §7.1). */
const VISIBLE = {
  alert: { title: 'Session', body: 'New message' },
  badge: 1,
  sound: 'default',
  'mutable-content': 1,
  category: 'SECRET',
}
const BODY_BEGIN = `{"aps":${JSON.stringify(VISIBLE)},"spns":"2","enc_payload":"`
const BODY_END = '"}'

/**
 * Builds the requests of push §7.1 in the newer form. Every notification is an alert of priority 10, urgent or not: iOS runs the extension that
 * decrypts for nothing less.
 */
export function createRequestBuilder(
  topic: string,
): (notification: OutgoingNotification, providerToken: string, now: number) => Http2Request {
  const common = {
    ':method': 'POST',
    'content-type': 'application/json; charset=UTF-8',
    'user-agent': 'sotto',
    'apns-topic': topic,
    'apns-push-type': 'alert',
    'apns-priority': '10',
  }
  return ({ token, payload, expiresAt }, providerToken, now) => ({
    headers: {
      ...common,
      ':path': `/3/device/${encodeURIComponent(token)}`,
      authorization: `bearer ${providerToken}`,
      'apns-expiration': String(Math.floor(Math.min(expiresAt, now + LONGEST_LIFE_MS) / 1000)),
    },
    // Base64 needs no escaping in JSON.
    body: BODY_BEGIN + payload + BODY_END,
  })
}
