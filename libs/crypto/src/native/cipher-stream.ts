import { type CipherGCM, type DecipherGCM } from 'node:crypto'

import { type AeadDecryptor, type AeadEncryptor } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'

/** `cipher` as an encryptor. The AEAD modes of node:crypto hold nothing back, so all that `final` adds is the tag. */
export function toEncryptor(cipher: CipherGCM): AeadEncryptor {
  return {
    update: (plaintext) => cipher.update(plaintext),
    final() {
      cipher.final()
      return cipher.getAuthTag()
    },
  }
}

/** `decipher` as a decryptor. */
export function toDecryptor(decipher: DecipherGCM): AeadDecryptor {
  return {
    update: (ciphertext) => decipher.update(ciphertext),
    final(tag) {
      decipher.setAuthTag(tag)
      try {
        return decipher.final()
      } catch {
        throw new DecryptionError()
      }
    },
  }
}
