import { assertBytes, assertInteger, assertLength, assertUnfinished } from './assert.ts'
import { type Aead, type AeadDecryptor, type AeadEncryptor, type BlockCipher, type SecretStream } from './crypto.ts'
import { DecryptionError } from './errors.ts'

/** `aead` with its arguments checked. */
export function checkedAead(aead: Aead): Aead {
  const { keyLength, nonceLength, tagLength } = aead
  const assertKeyAndNonce = (key: Uint8Array, nonce: Uint8Array): void => {
    assertLength(key, keyLength, 'key')
    assertLength(nonce, nonceLength, 'nonce')
  }
  return {
    keyLength,
    nonceLength,
    tagLength,
    encrypt(key, nonce, plaintext, associatedData) {
      assertKeyAndNonce(key, nonce)
      assertBytes(plaintext, 'plaintext')
      if (associatedData !== undefined) assertBytes(associatedData, 'associatedData')
      return aead.encrypt(key, nonce, plaintext, associatedData)
    },
    decrypt(key, nonce, ciphertextAndTag, associatedData) {
      assertKeyAndNonce(key, nonce)
      assertBytes(ciphertextAndTag, 'ciphertextAndTag')
      if (associatedData !== undefined) assertBytes(associatedData, 'associatedData')
      if (ciphertextAndTag.length < tagLength) throw new DecryptionError()
      return aead.decrypt(key, nonce, ciphertextAndTag, associatedData)
    },
    createEncryptor(key, nonce) {
      assertKeyAndNonce(key, nonce)
      return checkedEncryptor(aead.createEncryptor(key, nonce))
    },
    createDecryptor(key, nonce) {
      assertKeyAndNonce(key, nonce)
      return checkedDecryptor(aead.createDecryptor(key, nonce), tagLength)
    },
  }
}

function checkedEncryptor(encryptor: AeadEncryptor): AeadEncryptor {
  let finished = false
  return {
    update(plaintext) {
      assertUnfinished(finished, 'encryptor')
      assertBytes(plaintext, 'plaintext')
      return encryptor.update(plaintext)
    },
    final() {
      assertUnfinished(finished, 'encryptor')
      finished = true
      return encryptor.final()
    },
  }
}

function checkedDecryptor(decryptor: AeadDecryptor, tagLength: number): AeadDecryptor {
  let finished = false
  return {
    update(ciphertext) {
      assertUnfinished(finished, 'decryptor')
      assertBytes(ciphertext, 'ciphertext')
      return decryptor.update(ciphertext)
    },
    final(tag) {
      assertUnfinished(finished, 'decryptor')
      assertLength(tag, tagLength, 'tag')
      finished = true
      return decryptor.final(tag)
    },
  }
}

/** `cipher` with its arguments checked. */
export function checkedBlockCipher(cipher: BlockCipher): BlockCipher {
  const { keyLength, ivLength } = cipher
  return {
    keyLength,
    ivLength,
    encrypt(key, iv, plaintext) {
      assertLength(key, keyLength, 'key')
      assertLength(iv, ivLength, 'iv')
      assertBytes(plaintext, 'plaintext')
      return cipher.encrypt(key, iv, plaintext)
    },
    decrypt(key, iv, ciphertext) {
      assertLength(key, keyLength, 'key')
      assertLength(iv, ivLength, 'iv')
      assertBytes(ciphertext, 'ciphertext')
      return cipher.decrypt(key, iv, ciphertext)
    },
  }
}

/** `secretStream` with its arguments checked. */
export function checkedSecretStream(secretStream: SecretStream): SecretStream {
  const { keyLength, headerLength, overhead } = secretStream
  const assertKeyAndHeader = (key: Uint8Array, header: Uint8Array): void => {
    assertLength(key, keyLength, 'key')
    assertLength(header, headerLength, 'header')
  }
  return {
    keyLength,
    headerLength,
    overhead,
    createPush(key, header) {
      assertKeyAndHeader(key, header)
      const stream = secretStream.createPush(key, header)
      return {
        push(plaintext, tag) {
          assertBytes(plaintext, 'plaintext')
          assertInteger(tag, 0, 3, 'tag')
          return stream.push(plaintext, tag)
        },
      }
    },
    createPull(key, header) {
      assertKeyAndHeader(key, header)
      const stream = secretStream.createPull(key, header)
      return {
        pull(message) {
          assertBytes(message, 'message')
          if (message.length < overhead) throw new DecryptionError()
          return stream.pull(message)
        },
      }
    },
  }
}
