import webPush from 'web-push'
import { EndpointUnusableError, WebPushTooLongError } from './errors.ts'

const PUBLIC_KEY_LENGTH = 65
const AUTH_LENGTH = 16
/** What every push service must take (RFC 8030 §7.2). */
export const MAX_BODY_LENGTH = 4096
/** Salt, record size and public key before the record, its last byte and its tag (RFC 8188 §2). */
export const ENCRYPTION_OVERHEAD = 103

/**
 * The body of a request (RFC 8291, `aes128gcm`) that carries an `enc_payload` (push §6) to the keys of a subscription: `p256dh` (65 bytes) and `auth`
 * (16 bytes), one after the other. At most 4,096 bytes, which the longest payload leaves 156 of.
 *
 * @throws EndpointUnusableError when the keys have another length or are no point of the curve
 * @throws WebPushTooLongError when the payload is longer than any is
 */
export function encryptForEndpoint(payload: string, keys: Uint8Array): Uint8Array {
  if (keys.length !== PUBLIC_KEY_LENGTH + AUTH_LENGTH) throw new EndpointUnusableError()
  const message = Buffer.from(JSON.stringify({ enc_payload: payload, spns: '2' }))
  if (message.length + ENCRYPTION_OVERHEAD > MAX_BODY_LENGTH) throw new WebPushTooLongError()
  const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength)
  try {
    return webPush.encrypt(
      bytes.toString('base64url', 0, PUBLIC_KEY_LENGTH),
      bytes.toString('base64url', PUBLIC_KEY_LENGTH),
      message,
      'aes128gcm',
    ).cipherText
  } catch (error) {
    throw new EndpointUnusableError({ cause: error })
  }
}
