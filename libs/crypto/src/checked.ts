import { assertBytes, assertInteger, assertLength, assertLengthBetween, assertUnfinished } from './assert.ts'
import {
  type Aead,
  type AeadDecryptor,
  type AeadEncryptor,
  type Blake2bOptions,
  type BlockCipher,
  type Crypto,
  type Ed25519,
  type IncrementalHash,
  type SecretStream,
  type X25519,
} from './crypto.ts'
import { DecryptionError } from './errors.ts'

const MOST_RANDOM_BYTES = 0x7fffffff

/**
 * `crypto` behind the one place where arguments are checked, so that every implementation refuses the same calls with the
 * same words and can itself rely on its arguments. A ciphertext too short to hold its tag is a `DecryptionError`, because its
 * length comes from the sender and not from the caller.
 */
export function checked(crypto: Crypto): Crypto {
  return {
    implementation: crypto.implementation,
    randomBytes(length) {
      assertInteger(length, 0, MOST_RANDOM_BYTES, 'length')
      return crypto.randomBytes(length)
    },
    timingSafeEqual(a, b) {
      assertBytes(a, 'a')
      assertBytes(b, 'b')
      return a.length === b.length && crypto.timingSafeEqual(a, b)
    },
    x25519: checkedX25519(crypto.x25519),
    ed25519: checkedEd25519(crypto.ed25519),
    aes256Gcm: checkedAead(crypto.aes256Gcm),
    aes256Cbc: checkedBlockCipher(crypto.aes256Cbc),
    xchacha20Poly1305: checkedAead(crypto.xchacha20Poly1305),
    secretStream: checkedSecretStream(crypto.secretStream),
    blake2b(message, options) {
      assertBytes(message, 'message')
      assertBlake2bOptions(options)
      return crypto.blake2b(message, options)
    },
    createBlake2b(options) {
      assertBlake2bOptions(options)
      return checkedHash(crypto.createBlake2b(options))
    },
    sha256(message) {
      assertBytes(message, 'message')
      return crypto.sha256(message)
    },
    sha512(message) {
      assertBytes(message, 'message')
      return crypto.sha512(message)
    },
    hmacSha256(key, message) {
      assertBytes(key, 'key')
      assertBytes(message, 'message')
      return crypto.hmacSha256(key, message)
    },
    hmacSha512(key, message) {
      assertBytes(key, 'key')
      assertBytes(message, 'message')
      return crypto.hmacSha512(key, message)
    },
  }
}

function checkedX25519(x25519: X25519): X25519 {
  return {
    generateKeyPair: () => x25519.generateKeyPair(),
    publicKey(privateKey) {
      assertLength(privateKey, 32, 'privateKey')
      return x25519.publicKey(privateKey)
    },
    sharedSecret(privateKey, publicKey) {
      assertLength(privateKey, 32, 'privateKey')
      assertLength(publicKey, 32, 'publicKey')
      return x25519.sharedSecret(privateKey, publicKey)
    },
  }
}

function checkedEd25519(ed25519: Ed25519): Ed25519 {
  return {
    generateKeyPair: () => ed25519.generateKeyPair(),
    publicKey(seed) {
      assertLength(seed, 32, 'seed')
      return ed25519.publicKey(seed)
    },
    sign(message, seed) {
      assertBytes(message, 'message')
      assertLength(seed, 32, 'seed')
      return ed25519.sign(message, seed)
    },
    createSigner(seed) {
      assertLength(seed, 32, 'seed')
      const signer = ed25519.createSigner(seed)
      return {
        publicKey: signer.publicKey,
        sign(message) {
          assertBytes(message, 'message')
          return signer.sign(message)
        },
      }
    },
    verify(signature, message, publicKey) {
      assertLength(signature, 64, 'signature')
      assertBytes(message, 'message')
      assertLength(publicKey, 32, 'publicKey')
      return ed25519.verify(signature, message, publicKey)
    },
    isValidPublicKey(publicKey) {
      assertLength(publicKey, 32, 'publicKey')
      return ed25519.isValidPublicKey(publicKey)
    },
    toX25519PublicKey(publicKey) {
      assertLength(publicKey, 32, 'publicKey')
      return ed25519.toX25519PublicKey(publicKey)
    },
    toX25519PrivateKey(seed) {
      assertLength(seed, 32, 'seed')
      return ed25519.toX25519PrivateKey(seed)
    },
  }
}

function checkedAead(aead: Aead): Aead {
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

function checkedBlockCipher(cipher: BlockCipher): BlockCipher {
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

function checkedSecretStream(secretStream: SecretStream): SecretStream {
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

function checkedHash(hash: IncrementalHash): IncrementalHash {
  let finished = false
  return {
    update(data) {
      assertUnfinished(finished, 'hash')
      assertBytes(data, 'data')
      hash.update(data)
      return this
    },
    digest() {
      assertUnfinished(finished, 'hash')
      finished = true
      return hash.digest()
    },
  }
}

function assertBlake2bOptions({ length, key, salt, personalization }: Blake2bOptions): void {
  assertInteger(length, 1, 64, 'length')
  if (key !== undefined) assertLengthBetween(key, 1, 64, 'key')
  if (salt !== undefined) assertLength(salt, 16, 'salt')
  if (personalization !== undefined) assertLength(personalization, 16, 'personalization')
}
