import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'

import { type Aead } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'
import { hchacha20 } from '../hchacha20.ts'
import { toDecryptor, toEncryptor } from './cipher-stream.ts'
import { sodium } from './sodium.ts'

const TAG_LENGTH = 16
// libsodium has no XChaCha20-Poly1305 in pieces; OpenSSL has ChaCha20-Poly1305, which is the same under the derived subkey.
const ALGORITHM = 'chacha20-poly1305'
const options = { authTagLength: TAG_LENGTH }

/** XChaCha20-Poly1305: libsodium in one go, OpenSSL piece by piece. */
export const xchacha20Poly1305: Aead = {
  keyLength: 32,
  nonceLength: 24,
  tagLength: TAG_LENGTH,
  encrypt(key, nonce, plaintext, associatedData) {
    const ciphertext = Buffer.allocUnsafe(plaintext.length + TAG_LENGTH)
    const additional = associatedData ?? null
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(ciphertext, plaintext, additional, null, nonce, key)
    return ciphertext
  },
  decrypt(key, nonce, ciphertextAndTag, associatedData) {
    const plaintext = Buffer.allocUnsafe(ciphertextAndTag.length - TAG_LENGTH)
    const additional = associatedData ?? null
    try {
      sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext, null, ciphertextAndTag, additional, nonce, key)
    } catch {
      throw new DecryptionError()
    }
    return plaintext
  },
  createEncryptor: (key, nonce) =>
    toEncryptor(createCipheriv(ALGORITHM, subkey(key, nonce), ietfNonce(nonce), options)),
  createDecryptor: (key, nonce) =>
    toDecryptor(createDecipheriv(ALGORITHM, subkey(key, nonce), ietfNonce(nonce), options)),
}

function subkey(key: Uint8Array, nonce: Uint8Array): KeyObject {
  return createSecretKey(hchacha20(key, nonce.subarray(0, 16)))
}

/** Four zero bytes and the rest of the nonce (draft-irtf-cfrg-xchacha-03 §2.3). */
function ietfNonce(nonce: Uint8Array): Uint8Array {
  const short = new Uint8Array(12)
  short.set(nonce.subarray(16), 4)
  return short
}
