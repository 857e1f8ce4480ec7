import type { OutgoingNotification } from '../provider.ts'

/** Keys and values of `data` together may have that many bytes; FCM calls a longer message an invalid argument, as it does a dead token. */
const LONGEST_DATA = 4_096
const SHORTEST_DATA = 'enc_payload'.length + 'spns'.length + '2'.length

/**
 * The body of a request for one device, or undefined when FCM would find it too long. A data message without a visible part: the app draws the
 * notification (push §7.2). There is no `ttl`: four weeks are the default, longer than anything is kept, and a shorter one would tell Google how long
 * the sender lets the message live.
 */
export function buildMessage({ token, payload, isUrgent }: OutgoingNotification): string | undefined {
  if (SHORTEST_DATA + Buffer.byteLength(payload) > LONGEST_DATA) return undefined
  return JSON.stringify({
    message: {
      token,
      data: { enc_payload: payload, spns: '2' },
      android: { priority: isUrgent ? 'high' : 'normal' },
    },
  })
}
