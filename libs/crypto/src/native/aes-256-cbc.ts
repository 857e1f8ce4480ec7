import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'

import { type BlockCipher } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'

const ALGORITHM = 'aes-256-cbc'

/** AES-256-CBC with PKCS#7 padding by OpenSSL. */
export const aes256Cbc: BlockCipher = {
  keyLength: 32,
  ivLength: 16,
  encrypt(key, iv, plaintext) {
    const cipher = createCipheriv(ALGORITHM, createSecretKey(key), iv)
    return Buffer.concat([cipher.update(plaintext), cipher.final()])
  },
  decrypt(key, iv, ciphertext) {
    const decipher = createDecipheriv(ALGORITHM, createSecretKey(key), iv)
    try {
      return Buffer.concat([decipher.update(ciphertext), decipher.final()])
    } catch {
      throw new DecryptionError()
    }
  },
}
