import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'

import { type Aead } from '../crypto.ts'
import { toDecryptor, toEncryptor } from './cipher-stream.ts'

const ALGORITHM = 'aes-256-gcm'
const TAG_LENGTH = 16
const options = { authTagLength: TAG_LENGTH }

/** AES-256-GCM by OpenSSL. Keys go in as key objects: for raw bytes node:crypto first spends 9 µs on finding out that they are none. */
export const aes256Gcm: Aead = {
  keyLength: 32,
  nonceLength: 12,
  tagLength: TAG_LENGTH,
  encrypt(key, nonce, plaintext, associatedData) {
    const cipher = createCipheriv(ALGORITHM, createSecretKey(key), nonce, options)
    if (associatedData !== undefined) cipher.setAAD(associatedData)
    const ciphertext = cipher.update(plaintext)
    cipher.final()
    return Buffer.concat([ciphertext, cipher.getAuthTag()], plaintext.length + TAG_LENGTH)
  },
  decrypt(key, nonce, ciphertextAndTag, associatedData) {
    const decipher = createDecipheriv(ALGORITHM, createSecretKey(key), nonce, options)
    if (associatedData !== undefined) decipher.setAAD(associatedData)
    const end = ciphertextAndTag.length - TAG_LENGTH
    const plaintext = decipher.update(ciphertextAndTag.subarray(0, end))
    toDecryptor(decipher).final(ciphertextAndTag.subarray(end))
    return plaintext
  },
  createEncryptor: (key, nonce) => toEncryptor(createCipheriv(ALGORITHM, createSecretKey(key), nonce, options)),
  createDecryptor: (key, nonce) => toDecryptor(createDecipheriv(ALGORITHM, createSecretKey(key), nonce, options)),
}
