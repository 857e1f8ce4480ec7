import { createECDH } from 'node:crypto'

const PRIVATE_KEY_LENGTH = 32
const AUTH_LENGTH = 16

/** What a device makes for one Web Push subscription (RFC 8291 §3.1). */
export interface WebPushKeys {
  /** Private key of the curve P-256, 32 bytes; stays on the device. */
  readonly privateKey: Uint8Array
  /** Its public key, uncompressed, 65 bytes: `p256dh` of a subscription. */
  readonly publicKey: Uint8Array
  /** The authentication secret, 16 bytes: `auth` of a subscription. */
  readonly auth: Uint8Array
}

/** Makes the keys of a new subscription. */
export function createWebPushKeys(randomBytes: (length: number) => Uint8Array): WebPushKeys {
  const privateKey = randomBytes(PRIVATE_KEY_LENGTH)
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(privateKey)
  return { privateKey, publicKey: Uint8Array.from(curve.getPublicKey()), auth: randomBytes(AUTH_LENGTH) }
}
