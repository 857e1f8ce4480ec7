import { nativeCrypto } from '#crypto/native/index'
import {
  buildSubscribeRequest,
  buildUnsubscribeRequest,
  type PushSubscriptionOptions,
  type RequestSigner,
  userSigner,
} from '#protocol'

/** A push request as a JSON object, and where it goes. */
export interface SignedRequest {
  readonly endpoint: '/subscribe' | '/unsubscribe'
  readonly body: ReturnType<typeof buildSubscribeRequest>
}

/** The time of the relay at first, in seconds. */
export const NOON_S = 1_750_000_000

/** Keys that devices have, by which a test tells what a subscription says. */
export const KEYS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte))

export type SubscriptionChanges = Partial<Omit<PushSubscriptionOptions, 'service' | 'serviceInfo' | 'signedAt'>>

const TOKEN = 'a-token-that-only-the-phone-and-google-know'
let users = 0

/** A user that no test has had before. */
export function newUser(): RequestSigner {
  const seed = new Uint8Array(32)
  new DataView(seed.buffer).setUint32(0, ++users)
  return userSigner(nativeCrypto, seed)
}

/** A subscription of a device, signed `seconds` after noon: with bodies, for namespaces 0 and 2, by the first key. */
export function subscribing(
  signer: RequestSigner,
  seconds: number,
  changes: SubscriptionChanges = {},
  token = TOKEN,
): SignedRequest {
  const body = buildSubscribeRequest(signer, {
    service: 'firebase',
    serviceInfo: { token },
    encryptionKey: KEYS[0] ?? new Uint8Array(32),
    namespaces: [0, 2],
    wantsData: true,
    signedAt: NOON_S + seconds,
    ...changes,
  })
  return { endpoint: '/subscribe', body }
}

/** The unsubscription of a device, signed `seconds` after noon. */
export function unsubscribing(signer: RequestSigner, seconds: number, token = TOKEN): SignedRequest {
  const device = { service: 'firebase', serviceInfo: { token } }
  const body = buildUnsubscribeRequest(signer, { ...device, signedAt: NOON_S + seconds })
  return { endpoint: '/unsubscribe', body }
}
