import type { Crypto } from '#crypto'
import { decryptPushPayload, messageHash, type PushPayload } from '#protocol'

/** What a device makes of a notification: a message that is whole, or a hint that one lies in the mailbox. */
export type DecryptedPush =
  | (PushPayload & Required<Pick<PushPayload, 'namespace' | 'body'>> & { readonly kind: 'message' })
  | (PushPayload & { readonly kind: 'hint' })

/**
 * Opens the `enc_payload` of a notification, base64, with the device's key (32 bytes). A message counts as whole when its body gives its hash: a relay
 * could else name the hash of a message that it wants nobody to see. Throws `PushPayloadError` (push §6).
 */
export function decryptPush(crypto: Crypto, payload: string, encryptionKey: Uint8Array): DecryptedPush {
  const push = decryptPushPayload(crypto, encryptionKey, payload)
  const { account, namespace, hash, body } = push
  if (namespace === undefined || body === undefined) return { ...push, kind: 'hint' }
  const isProved = messageHash(crypto, account, namespace, body) === hash
  return isProved ? { ...push, namespace, body, kind: 'message' } : { ...push, kind: 'hint' }
}
