import { type DecryptedPush, decryptPush } from '#client'
import type { Crypto } from '#crypto'
import { PushPayloadError } from '#protocol'
import { PayloadUnreadableError } from '../../errors.ts'

/** What an `enc_payload` says. Throws `PayloadUnreadableError`. */
export function openPayload(crypto: Crypto, payload: string, encryptionKey: Uint8Array): DecryptedPush {
  try {
    return decryptPush(crypto, payload, encryptionKey)
  } catch (cause) {
    if (cause instanceof PushPayloadError) throw new PayloadUnreadableError({ cause })
    throw cause
  }
}
