import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto'
import { concat, utf8 } from '#crypto'
import { WebPushUnreadableError } from './errors.ts'

const SALT_LENGTH = 16
const KEY_ID_START = SALT_LENGTH + 5
const PUBLIC_KEY_LENGTH = 65
const HEADER_LENGTH = KEY_ID_START + PUBLIC_KEY_LENGTH
const TAG_LENGTH = 16
/** Ends the content of the last record; zeros may follow (RFC 8188 §2). */
const LAST_RECORD = 2

export interface WebPushMessage {
  /** Body of the request that the push service got, in the content coding `aes128gcm`. */
  readonly body: Uint8Array
  /** Private key of the subscription, 32 bytes. */
  readonly privateKey: Uint8Array
  /** Authentication secret of the subscription, 16 bytes. */
  readonly auth: Uint8Array
}

/**
 * Opens a Web Push message (RFC 8291 §3, §4): one record of RFC 8188, its header naming the sender's public key of 65 bytes.
 *
 * @throws WebPushUnreadableError when the body is malformed or does not belong to the keys
 */
export function decryptWebPush({ body, privateKey, auth }: WebPushMessage): Uint8Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  if (body.length <= HEADER_LENGTH + TAG_LENGTH || body[KEY_ID_START - 1] !== PUBLIC_KEY_LENGTH) {
    throw new WebPushUnreadableError()
  }
  if (body.length - HEADER_LENGTH > view.getUint32(SALT_LENGTH)) throw new WebPushUnreadableError()
  const salt = body.subarray(0, SALT_LENGTH)
  const sender = body.subarray(KEY_ID_START, HEADER_LENGTH)
  try {
    const secret = sharedSecret(privateKey, sender, auth)
    const decipher = createDecipheriv(
      'aes-128-gcm',
      derive(secret, salt, utf8('Content-Encoding: aes128gcm\0'), 16),
      derive(secret, salt, utf8('Content-Encoding: nonce\0'), 12),
    )
    decipher.setAuthTag(body.subarray(-TAG_LENGTH))
    const opened = decipher.update(body.subarray(HEADER_LENGTH, -TAG_LENGTH))
    decipher.final()
    return withoutPadding(opened)
  } catch (error) {
    if (error instanceof WebPushUnreadableError) throw error
    throw new WebPushUnreadableError({ cause: error })
  }
}

/** Both public keys and the authentication secret go into it: neither the push service nor another subscription arrives at the same (RFC 8291 §3.4). */
function sharedSecret(privateKey: Uint8Array, sender: Uint8Array, auth: Uint8Array): Uint8Array {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(privateKey)
  const info = concat(utf8('WebPush: info\0'), curve.getPublicKey(), sender)
  return derive(curve.computeSecret(sender), auth, info, 32)
}

function derive(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, length))
}

function withoutPadding(record: Uint8Array): Uint8Array {
  const end = record.findLastIndex((byte) => byte !== 0)
  if (record[end] !== LAST_RECORD) throw new WebPushUnreadableError()
  return Uint8Array.from(record.subarray(0, end))
}
