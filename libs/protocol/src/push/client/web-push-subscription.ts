import { shortToBase64Url } from '../../files/base64.ts'

/** A browser's PushSubscription as it says itself in JSON (Push API §8). */
export interface WebPushSubscription {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
}

/** The subscription of a receiver that has its keys as bytes: an uncompressed P-256 point (65) and a secret (16). */
export function webPushSubscription(endpoint: string, p256dh: Uint8Array, auth: Uint8Array): WebPushSubscription {
  return { endpoint, keys: { p256dh: shortToBase64Url(p256dh), auth: shortToBase64Url(auth) } }
}
