import { randomBytes } from 'node:crypto'
import { createWebPushKeys, type WebPushKeys } from '#client/node/web-push/index'

/** A browser's side of a subscription. */
export interface FakeSubscription {
  readonly id: string
  readonly endpoint: string
  readonly keys: WebPushKeys
  /** The keys as the relay keeps them: `p256dh` ‖ `auth`, 81 bytes. */
  readonly serviceData: Uint8Array
  /** `service_info` of a subscription request: what a browser's PushSubscription says in JSON. */
  readonly serviceInfo: {
    readonly endpoint: string
    readonly keys: { readonly p256dh: string; readonly auth: string }
  }
  /** The one VAPID key that may send; any if undefined. */
  readonly applicationServerKey: string | undefined
}

/** Makes a subscription at a push service. */
export function makeSubscription(url: string, applicationServerKey?: string): FakeSubscription {
  const id = randomBytes(16).toString('base64url')
  const endpoint = `${url}/push/${id}`
  const keys = createWebPushKeys(randomBytes)
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
  return {
    id,
    endpoint,
    keys,
    serviceData: Buffer.concat([keys.publicKey, keys.auth]),
    serviceInfo: { endpoint, keys: { p256dh: text(keys.publicKey), auth: text(keys.auth) } },
    applicationServerKey,
  }
}
