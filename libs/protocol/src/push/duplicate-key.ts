import { type Crypto, utf8 } from '#crypto'

/**
 * Names a message for a device: BLAKE2b-256(service ‖ token ‖ hash), 32 bytes. The account is no part of it, so that a device with two
 * accounts learns of one message once (push §5.1).
 */
export function duplicateKey(crypto: Crypto, service: string, token: string, hash: string): Uint8Array {
  return crypto.blake2b(utf8(service + token + hash), { length: 32 })
}
