import { describe, expect, it } from '@jest/globals'

import { type Aead, type Crypto, type SecretStreamTag } from '../crypto.ts'
import { CryptoArgumentError, CryptoStateError } from '../errors.ts'

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7)

/** An argument: its function, its name, the lengths at which it is accepted at the least and at the most, and a call. */
type Argument = readonly [
  operation: string,
  name: string,
  least: number,
  most: number,
  call: (length: number) => unknown,
]

export function argumentSuite(crypto: Crypto): void {
  const { x25519, ed25519, aes256Cbc, secretStream } = crypto
  const fixed = (
    operation: string,
    name: string,
    length: number,
    call: (argument: Uint8Array) => unknown,
  ): Argument => [operation, name, length, length, (actual) => call(bytes(actual))]
  const aead = (operation: string, cipher: Aead): Argument[] => {
    const n = cipher.nonceLength
    const sealed = cipher.encrypt(bytes(32), bytes(n), bytes(1))
    const tag = cipher.encrypt(bytes(32), bytes(n), bytes(0))
    return [
      fixed(`${operation}.encrypt`, 'key', 32, (key) => cipher.encrypt(key, bytes(n), bytes(1))),
      fixed(`${operation}.encrypt`, 'nonce', n, (nonce) => cipher.encrypt(bytes(32), nonce, bytes(1))),
      fixed(`${operation}.decrypt`, 'key', 32, (key) => cipher.decrypt(key, bytes(n), sealed)),
      fixed(`${operation}.decrypt`, 'nonce', n, (nonce) => cipher.decrypt(bytes(32), nonce, sealed)),
      fixed(`${operation}.createEncryptor`, 'key', 32, (key) => cipher.createEncryptor(key, bytes(n))),
      fixed(`${operation}.createEncryptor`, 'nonce', n, (nonce) => cipher.createEncryptor(bytes(32), nonce)),
      fixed(`${operation}.createDecryptor`, 'key', 32, (key) => cipher.createDecryptor(key, bytes(n))),
      fixed(`${operation}.createDecryptor`, 'nonce', n, (nonce) => cipher.createDecryptor(bytes(32), nonce)),
      fixed(`${operation} decryptor.final`, 'tag', 16, (given) =>
        cipher.createDecryptor(bytes(32), bytes(n)).final(given.length === 16 ? tag : given),
      ),
    ]
  }
  const cbc = aes256Cbc.encrypt(bytes(32), bytes(16), bytes(1))
  const { publicKey } = ed25519.generateKeyPair()
  const key32 = (given: Uint8Array): Uint8Array => (given.length === 32 ? publicKey : given)

  const lengths: Argument[] = [
    fixed('x25519.publicKey', 'privateKey', 32, (key) => x25519.publicKey(key)),
    fixed('x25519.sharedSecret', 'privateKey', 32, (key) => x25519.sharedSecret(key, bytes(32))),
    fixed('x25519.sharedSecret', 'publicKey', 32, (key) => x25519.sharedSecret(bytes(32), key)),
    fixed('ed25519.publicKey', 'seed', 32, (seed) => ed25519.publicKey(seed)),
    fixed('ed25519.sign', 'seed', 32, (seed) => ed25519.sign(bytes(1), seed)),
    fixed('ed25519.createSigner', 'seed', 32, (seed) => ed25519.createSigner(seed)),
    fixed('ed25519.verify', 'signature', 64, (signature) => ed25519.verify(signature, bytes(1), bytes(32))),
    fixed('ed25519.verify', 'publicKey', 32, (key) => ed25519.verify(bytes(64), bytes(1), key)),
    fixed('ed25519.isValidPublicKey', 'publicKey', 32, (key) => ed25519.isValidPublicKey(key)),
    fixed('ed25519.toX25519PublicKey', 'publicKey', 32, (key) => ed25519.toX25519PublicKey(key32(key))),
    fixed('ed25519.toX25519PrivateKey', 'seed', 32, (seed) => ed25519.toX25519PrivateKey(seed)),
    ...aead('aes256Gcm', crypto.aes256Gcm),
    ...aead('xchacha20Poly1305', crypto.xchacha20Poly1305),
    fixed('aes256Cbc.encrypt', 'key', 32, (key) => aes256Cbc.encrypt(key, bytes(16), bytes(1))),
    fixed('aes256Cbc.encrypt', 'iv', 16, (iv) => aes256Cbc.encrypt(bytes(32), iv, bytes(1))),
    fixed('aes256Cbc.decrypt', 'key', 32, (key) => aes256Cbc.decrypt(key, bytes(16), cbc)),
    fixed('aes256Cbc.decrypt', 'iv', 16, (iv) => aes256Cbc.decrypt(bytes(32), iv, cbc)),
    fixed('secretStream.createPush', 'key', 32, (key) => secretStream.createPush(key, bytes(24))),
    fixed('secretStream.createPush', 'header', 24, (header) => secretStream.createPush(bytes(32), header)),
    fixed('secretStream.createPull', 'key', 32, (key) => secretStream.createPull(key, bytes(24))),
    fixed('secretStream.createPull', 'header', 24, (header) => secretStream.createPull(bytes(32), header)),
    ...(['blake2b', 'createBlake2b'] as const).flatMap((operation): Argument[] => {
      const call = (options: Parameters<Crypto['createBlake2b']>[0]): unknown =>
        operation === 'blake2b' ? crypto.blake2b(bytes(1), options) : crypto.createBlake2b(options)
      return [
        [operation, 'length', 1, 64, (length) => call({ length })],
        [operation, 'key', 1, 64, (length) => call({ length: 32, key: bytes(length) })],
        fixed(operation, 'salt', 16, (salt) => call({ length: 32, salt })),
        fixed(operation, 'personalization', 16, (personalization) => call({ length: 32, personalization })),
      ]
    }),
  ]

  describe('argument lengths', () => {
    it.each(lengths)('%s refuses %s outside %i to %i and names it', (_operation, name, least, most, call) => {
      for (const wrong of [least - 1, most + 1]) {
        expect(() => call(wrong)).toThrow(CryptoArgumentError)
        expect(() => call(wrong)).toThrow(new RegExp(`^${name} must be `))
      }
      for (const right of [least, most]) expect(() => call(right)).not.toThrow()
    })
    it('refuses what is no Uint8Array, without repeating it', () => {
      const text = 'secret' as unknown as Uint8Array
      for (const call of [
        () => crypto.sha256(text),
        () => crypto.sha512(text),
        () => crypto.hmacSha256(text, bytes(1)),
        () => crypto.hmacSha256(bytes(1), text),
        () => crypto.hmacSha512(text, bytes(1)),
        () => crypto.hmacSha512(bytes(1), text),
        () => crypto.blake2b(text, { length: 32 }),
        () => crypto.createBlake2b({ length: 32 }).update(text),
        () => ed25519.sign(text, bytes(32)),
        () => ed25519.createSigner(bytes(32)).sign(text),
        () => ed25519.verify(bytes(64), text, bytes(32)),
        () => x25519.publicKey(new Uint16Array(32) as unknown as Uint8Array),
        () => crypto.timingSafeEqual(text, bytes(6)),
        () => crypto.timingSafeEqual(bytes(6), text),
        () => crypto.aes256Gcm.encrypt(bytes(32), bytes(12), text),
        () => crypto.aes256Gcm.encrypt(bytes(32), bytes(12), bytes(1), text),
        () => crypto.aes256Gcm.createEncryptor(bytes(32), bytes(12)).update(text),
        () => crypto.aes256Gcm.createDecryptor(bytes(32), bytes(12)).update(text),
        () => aes256Cbc.encrypt(bytes(32), bytes(16), text),
        () => aes256Cbc.decrypt(bytes(32), bytes(16), text),
        () => secretStream.createPush(bytes(32), bytes(24)).push(text, 0),
        () => secretStream.createPull(bytes(32), bytes(24)).pull(text),
      ]) {
        expect(call).toThrow(CryptoArgumentError)
        expect(call).not.toThrow(/secret/)
      }
    })
    it('refuses counts and tags outside their range', () => {
      for (const length of [-1, 1.5, Number.NaN, 2 ** 31]) {
        expect(() => crypto.randomBytes(length)).toThrow(CryptoArgumentError)
      }
      const push = secretStream.createPush(bytes(32), bytes(24))
      for (const tag of [-1, 4, 0.5]) {
        expect(() => push.push(bytes(1), tag as SecretStreamTag)).toThrow(CryptoArgumentError)
      }
    })
  })
  describe('finished objects', () => {
    it('refuse to be used again', () => {
      const hash = crypto.createBlake2b({ length: 32 })
      hash.digest()
      expect(() => hash.update(bytes(1))).toThrow(CryptoStateError)
      expect(() => hash.digest()).toThrow(CryptoStateError)
      for (const cipher of [crypto.aes256Gcm, crypto.xchacha20Poly1305]) {
        const nonce = bytes(cipher.nonceLength)
        const encryptor = cipher.createEncryptor(bytes(32), nonce)
        const decryptor = cipher.createDecryptor(bytes(32), nonce)
        decryptor.final(encryptor.final())
        expect(() => encryptor.update(bytes(1))).toThrow(CryptoStateError)
        expect(() => encryptor.final()).toThrow(CryptoStateError)
        expect(() => decryptor.update(bytes(1))).toThrow(CryptoStateError)
        expect(() => decryptor.final(bytes(16))).toThrow(CryptoStateError)
      }
    })
  })
}
