import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { encodePushPlaintext, encryptPushPlaintext, pushPayloadText } from '#protocol'
import { PUSH_BODY, storedMessage } from './push-accounts.ts'

/** Nonce ‖ ciphertext ‖ tag of a payload with a message of the usual length. */
export function encryptSample(): Uint8Array {
  const { account, data, ...stored } = storedMessage(0, 0, nativeCrypto.randomBytes(PUSH_BODY), Date.now())
  const message = { ...stored, account: toHex(account), ...(data !== undefined && { body: data }) }
  const plaintext = encodePushPlaintext(message, { wantsData: true })
  const key = { encryptionKey: nativeCrypto.randomBytes(32), nonce: nativeCrypto.randomBytes(24) }
  return encryptPushPlaintext(nativeCrypto, plaintext, key)
}

/** The same as providers get it: base64. */
export function samplePayload(): string {
  return pushPayloadText(encryptSample())
}
