import { cbc } from '@noble/ciphers/aes.js'

import { type BlockCipher } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'

/** AES-256-CBC with PKCS#7 padding by noble. */
export const aes256Cbc: BlockCipher = {
  keyLength: 32,
  ivLength: 16,
  encrypt: (key, iv, plaintext) => cbc(key, iv).encrypt(plaintext),
  decrypt(key, iv, ciphertext) {
    try {
      return cbc(key, iv).decrypt(ciphertext)
    } catch {
      throw new DecryptionError()
    }
  },
}
