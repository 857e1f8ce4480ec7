import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { toHex } from './bytes.ts'
import { type Aead, type Blake2bOptions, type Crypto, type SecretStreamTag } from './crypto.ts'
import { CryptoError } from './errors.ts'
import { createNativeCrypto, nativeCrypto } from './native/index.ts'
import { createPortableCrypto, portableCrypto } from './portable/index.ts'
import { forgeries, INVALID_ED25519 } from './suites/ed25519-edges.suite.ts'
import { hex } from './suites/vectors.suite.ts'
import { LOW_ORDER_X25519 } from './suites/x25519.suite.ts'

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
const message = fc.uint8Array({ maxLength: 700, size: 'max' })
const runs = { numRuns: 60 }
const fewRuns = { numRuns: 25 }

/** What a call gives, as text: bytes in hex, objects by member, a refusal by its code and message. */
function outcome(call: () => unknown): unknown {
  try {
    return readable(call())
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error
    return `${error.code}: ${error.message}`
  }
}

function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value)
  if (Array.isArray(value)) return value.map(readable)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, readable(member)]))
  }
  return value
}

/** Expects the same outcome of `call` from both implementations. */
function expectSame(call: (crypto: Crypto) => unknown): void {
  expect(outcome(() => call(portableCrypto))).toEqual(outcome(() => call(nativeCrypto)))
}

describe('native and portable crypto agree on', () => {
  it('x25519', () => {
    const point = fc.oneof(bytes(32), fc.constantFrom(...LOW_ORDER_X25519.map(hex)))
    fc.assert(
      fc.property(bytes(32), point, (privateKey, publicKey) => {
        expectSame(({ x25519 }) => x25519.publicKey(privateKey))
        expectSame(({ x25519 }) => x25519.sharedSecret(privateKey, publicKey))
      }),
      fewRuns,
    )
  })

  it('non-canonical x25519 points', () => {
    for (let last = 0xed; last <= 0xff; last++) {
      for (const top of [0x7f, 0xff]) {
        const point = new Uint8Array(32).fill(255)
        point[0] = last
        point[31] = top
        expectSame(({ x25519 }) => x25519.sharedSecret(new Uint8Array(32).fill(9), point))
      }
    }
  })

  it('ed25519 keys, signatures and conversions', () => {
    fc.assert(
      fc.property(bytes(32), message, (seed, text) => {
        expectSame(({ ed25519 }) => ed25519.publicKey(seed))
        expectSame(({ ed25519 }) => ed25519.sign(text, seed))
        expectSame(({ ed25519 }) => [ed25519.createSigner(seed).publicKey, ed25519.createSigner(seed).sign(text)])
        expectSame(({ ed25519 }) => ed25519.toX25519PrivateKey(seed))
        expectSame(({ ed25519 }) => ed25519.toX25519PublicKey(ed25519.publicKey(seed)))
      }),
      fewRuns,
    )
  })

  it('ed25519 verdicts over honest and damaged signatures and keys', () => {
    fc.assert(
      fc.property(bytes(32), message, fc.nat(64 * 8 - 1), fc.nat(32 * 8 - 1), (seed, text, signatureBit, keyBit) => {
        const signer = nativeCrypto.ed25519.createSigner(seed)
        const { publicKey } = signer
        const signature = signer.sign(text)
        const [damaged, otherKey] = [signature.slice(), publicKey.slice()]
        damaged[signatureBit >> 3]! ^= 1 << (signatureBit & 7)
        otherKey[keyBit >> 3]! ^= 1 << (keyBit & 7)
        expect(portableCrypto.ed25519.verify(signature, text, publicKey)).toBe(true)
        expectSame(({ ed25519 }) => ed25519.verify(damaged, text, publicKey))
        expectSame(({ ed25519 }) => ed25519.verify(signature, text, otherKey))
        expectSame(({ ed25519 }) => ed25519.isValidPublicKey(otherKey))
      }),
      fewRuns,
    )
  })

  it('ed25519 points, random, of small or mixed order and not canonical', () => {
    const nonCanonical = fc.tuple(fc.integer({ min: 0xed, max: 0xff }), fc.boolean()).map(([last, sign]) => {
      const point = new Uint8Array(32).fill(255)
      point[0] = last
      if (!sign) point[31] = 0x7f
      return point
    })
    const point = fc.oneof(bytes(32), nonCanonical, fc.constantFrom(...INVALID_ED25519.map(hex)))
    fc.assert(
      fc.property(point, bytes(64), (publicKey, signature) => {
        expectSame(({ ed25519 }) => ed25519.isValidPublicKey(publicKey))
        expectSame(({ ed25519 }) => ed25519.toX25519PublicKey(publicKey))
        expectSame(({ ed25519 }) => ed25519.verify(signature, signature, publicKey))
      }),
      runs,
    )
  })

  it('ed25519 signatures that only the cofactor tells apart', () => {
    for (const { signature, message: text, publicKey } of forgeries) {
      expectSame(({ ed25519 }) => ed25519.verify(signature, text, publicKey))
    }
  })

  it.each(['aes256Gcm', 'xchacha20Poly1305'] as const)('%s', (name) => {
    const { nonceLength } = nativeCrypto[name]
    const associatedData = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined })
    fc.assert(
      fc.property(
        bytes(32),
        bytes(nonceLength),
        message,
        associatedData,
        fc.nat(),
        (key, nonce, text, additional, place) => {
          expectSame((crypto) => crypto[name].encrypt(key, nonce, text, additional))
          const sealed = nativeCrypto[name].encrypt(key, nonce, text, additional)
          expectSame((crypto) => crypto[name].decrypt(key, nonce, sealed, additional))
          const damaged = Uint8Array.from(sealed)
          damaged[place % damaged.length]! ^= 1
          expectSame((crypto) => crypto[name].decrypt(key, nonce, damaged, additional))
          expectSame((crypto) => crypto[name].decrypt(key, nonce, sealed.subarray(0, place % 40), additional))
          expectSame((crypto) => inPieces(crypto[name], key, nonce, text, place))
        },
      ),
      runs,
    )
  })

  it('aes256Cbc, also on random ciphertext of any length', () => {
    fc.assert(
      fc.property(bytes(32), bytes(16), message, (key, iv, text) => {
        expectSame(({ aes256Cbc }) => aes256Cbc.encrypt(key, iv, text))
        expectSame(({ aes256Cbc }) => aes256Cbc.decrypt(key, iv, nativeCrypto.aes256Cbc.encrypt(key, iv, text)))
        expectSame(({ aes256Cbc }) => aes256Cbc.decrypt(key, iv, text))
      }),
      runs,
    )
  })

  it('aes256Cbc padding, over every value of the last byte', () => {
    const [key, iv] = [new Uint8Array(32).fill(3), new Uint8Array(16)]
    const block = nativeCrypto.aes256Cbc.encrypt(key, iv, new Uint8Array())
    for (let value = 0; value < 256; value++) {
      for (const fill of [0, value]) {
        const shifted = iv.map((_, i) => 16 ^ (i === 15 ? value : fill))
        expectSame(({ aes256Cbc }) => aes256Cbc.decrypt(key, shifted, block))
      }
    }
  })

  it('secretStream', () => {
    const tag = fc.constantFrom<SecretStreamTag>(0, 1, 2, 3)
    const texts = fc.array(fc.tuple(message, tag), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(bytes(32), bytes(24), texts, fc.nat(), (key, header, pieces, place) => {
        const pushes = [nativeCrypto, portableCrypto].map((crypto) => crypto.secretStream.createPush(key, header))
        const pulls = [nativeCrypto, portableCrypto].map((crypto) => crypto.secretStream.createPull(key, header))
        for (const [text, pieceTag] of pieces) {
          const [sealed, other] = pushes.map((push) => push.push(text, pieceTag))
          expect(toHex(other!)).toBe(toHex(sealed!))
          const damaged = Uint8Array.from(sealed!)
          damaged[place % damaged.length]! ^= 1
          expect(pulls.map((pull) => outcome(() => pull.pull(damaged)))).toEqual(
            Array(2).fill(outcome(() => pulls[0]!.pull(damaged))),
          )
          const opened = { plaintext: toHex(text), tag: pieceTag }
          expect(pulls.map((pull) => outcome(() => pull.pull(sealed!)))).toEqual([opened, opened])
        }
      }),
      runs,
    )
  })

  it('blake2b in one go and in pieces', () => {
    const options = fc.record(
      {
        length: fc.integer({ min: 1, max: 64 }),
        key: fc.uint8Array({ minLength: 1, maxLength: 64 }),
        salt: bytes(16),
        personalization: bytes(16),
      },
      { requiredKeys: ['length'] },
    )
    fc.assert(
      fc.property(options, fc.array(message, { maxLength: 4 }), (given, pieces) => {
        const blake2bOptions: Blake2bOptions = given
        const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]))
        expectSame((crypto) => crypto.blake2b(whole, blake2bOptions))
        expectSame((crypto) =>
          pieces.reduce((hash, piece) => hash.update(piece), crypto.createBlake2b(blake2bOptions)).digest(),
        )
        expect(
          toHex(
            pieces.reduce((hash, piece) => hash.update(piece), nativeCrypto.createBlake2b(blake2bOptions)).digest(),
          ),
        ).toBe(toHex(nativeCrypto.blake2b(whole, blake2bOptions)))
      }),
      { numRuns: 150 },
    )
  })

  it('hashes, HMACs and comparison', () => {
    fc.assert(
      fc.property(message, message, (key, text) => {
        expectSame((crypto) => [
          crypto.sha256(text),
          crypto.sha512(text),
          crypto.hmacSha256(key, text),
          crypto.hmacSha512(key, text),
        ])
        expectSame((crypto) => [crypto.timingSafeEqual(key, text), crypto.timingSafeEqual(text, text.slice())])
      }),
      runs,
    )
  })

  it('key pairs drawn from a given source of randomness', () => {
    const randomBytes = (length: number): Uint8Array => new Uint8Array(length).fill(length)
    const [native, portable] = [createNativeCrypto({ randomBytes }), createPortableCrypto({ randomBytes })]
    for (const draw of [
      (crypto: Crypto) => crypto.randomBytes(5),
      (crypto: Crypto) => crypto.x25519.generateKeyPair(),
      (crypto: Crypto) => crypto.ed25519.generateKeyPair(),
    ]) {
      expect(readable(draw(portable))).toEqual(readable(draw(native)))
    }
    expect(toHex(native.x25519.generateKeyPair().privateKey)).toBe('20'.repeat(32))
    expect(toHex(native.ed25519.generateKeyPair().privateKey)).toBe('20'.repeat(32))
  })
})

/** Ciphertext and plaintext of `text` passed through both streams in two pieces cut at `place`. */
function inPieces(aead: Aead, key: Uint8Array, nonce: Uint8Array, text: Uint8Array, place: number): unknown {
  const cut = place % (text.length + 1)
  const encryptor = aead.createEncryptor(key, nonce)
  const sealed = Buffer.concat([
    encryptor.update(text.subarray(0, cut)),
    encryptor.update(text.subarray(cut)),
    encryptor.final(),
  ])
  const decryptor = aead.createDecryptor(key, nonce)
  const opened = [decryptor.update(sealed.subarray(0, cut)), decryptor.update(sealed.subarray(cut, -16))]
  return [sealed, Buffer.concat([...opened, decryptor.final(sealed.subarray(-16))])]
}
