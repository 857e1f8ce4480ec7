import { concat, type Crypto } from '#crypto'
import { toBase64 } from '../../mailbox/base64.ts'
import { encodePushPlaintext, type PushMessage, type PushPlaintextOptions } from './push-plaintext.ts'

/** A device's key (32 bytes) and a nonce (24 bytes) that is used with it this once. */
export interface PushPayloadKey {
  readonly encryptionKey: Uint8Array
  readonly nonce: Uint8Array
}

/** `nonce ‖ ciphertext ‖ tag` of a padded plaintext, 40 bytes longer than it (push §6). */
export function encryptPushPlaintext(
  crypto: Crypto,
  plaintext: Uint8Array,
  { encryptionKey, nonce }: PushPayloadKey,
): Uint8Array {
  return concat(nonce, crypto.xchacha20Poly1305.encrypt(encryptionKey, nonce, plaintext))
}

/** The payload of a message for one device: `encodePushPlaintext`, then `encryptPushPlaintext`. */
export function encodePushPayload(
  crypto: Crypto,
  message: PushMessage & PushPlaintextOptions & PushPayloadKey,
): Uint8Array {
  return encryptPushPlaintext(crypto, encodePushPlaintext(message, message), message)
}

/** `enc_payload` of a provider's message: padded standard base64, at most 3,808 characters (push §6). */
export function pushPayloadText(payload: Uint8Array): string {
  return toBase64(payload)
}
