import { assertBytes, assertInteger, assertLength, assertLengthBetween, assertUnfinished } from './assert.ts'
import { checkedAead, checkedBlockCipher, checkedSecretStream } from './checked-ciphers.ts'
import { type Blake2bOptions, type Crypto, type Ed25519, type IncrementalHash, type X25519 } from './crypto.ts'

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
