import { concat, type Crypto, utf8 } from '#crypto'
import { type AccountId } from './accounts/account-id.ts'
import { toBase64 } from './base64.ts'
import { namespaceText } from './namespaces.ts'

/** Characters of a message hash. */
export const MESSAGE_HASH_LENGTH = 43

const MESSAGE_HASH = /^[A-Za-z0-9+/]{43}$/

/**
 * The name of a message: BLAKE2b-256(account ‖ namespace text ‖ data) in base64 without padding, 43 characters. Neither time nor
 * separators enter, so that the same data sent twice is one message (mailbox RPC §7.1).
 */
export function messageHash(crypto: Crypto, account: AccountId, namespace: number, data: Uint8Array): string {
  const message = concat(account.bytes, utf8(namespaceText(namespace)), data)
  return toBase64(crypto.blake2b(message, { length: 32 })).slice(0, MESSAGE_HASH_LENGTH)
}

/** Whether a text has the form of a message hash: 43 base64 characters (mailbox RPC §2.4). */
export function isMessageHash(text: string): boolean {
  return MESSAGE_HASH.test(text)
}
