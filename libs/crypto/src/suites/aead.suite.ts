import { describe, expect, it } from '@jest/globals'

import { concat, toHex, utf8 } from '../bytes.ts'
import { type Aead, type Crypto } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'
import { flipBit, hex } from './vectors.suite.ts'

interface Vector {
  readonly source: string
  readonly key: string
  readonly nonce: string
  readonly plaintext: Uint8Array
  readonly associatedData?: string
  readonly ciphertext: string
  readonly tag: string
}

const GCM_KEY = 'feffe9928665731c6d6a8f9467308308'.repeat(2)
const GCM_TEXT =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39'
const GCM_CIPHERTEXT =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662'

/** The AES-256 cases of the GCM specification submitted to NIST (McGrew and Viega, appendix B, cases 13 to 16). */
const GCM_VECTORS: readonly Vector[] = [
  {
    source: 'case 13',
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    plaintext: new Uint8Array(),
    ciphertext: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    source: 'case 14',
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    plaintext: new Uint8Array(16),
    ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    source: 'case 15',
    key: GCM_KEY,
    nonce: 'cafebabefacedbaddecaf888',
    plaintext: hex(GCM_TEXT + '1aafd255'),
    ciphertext: GCM_CIPHERTEXT + '898015ad',
    tag: 'b094dac5d93471bdec1a502270e3cc6c',
  },
  {
    source: 'case 16',
    key: GCM_KEY,
    nonce: 'cafebabefacedbaddecaf888',
    plaintext: hex(GCM_TEXT),
    associatedData: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    ciphertext: GCM_CIPHERTEXT,
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
]

/** draft-irtf-cfrg-xchacha-03, appendix A.3.1. */
const XCHACHA_VECTORS: readonly Vector[] = [
  {
    source: 'A.3.1',
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    nonce: '404142434445464748494a4b4c4d4e4f5051525354555657',
    plaintext: utf8(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    ),
    associatedData: '50515253c0c1c2c3c4c5c6c7',
    ciphertext:
      'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e',
    tag: 'c0875924c1c7987947deafd8780acf49',
  },
]

export function aeadSuite(crypto: Crypto): void {
  describe('aes256Gcm', () => oneAead(crypto, crypto.aes256Gcm, GCM_VECTORS))
  describe('xchacha20Poly1305', () => oneAead(crypto, crypto.xchacha20Poly1305, XCHACHA_VECTORS))
}

function oneAead(crypto: Crypto, aead: Aead, vectors: readonly Vector[]): void {
  it.each(vectors)('encrypts and decrypts the published $source', (vector) => {
    const [key, nonce] = [hex(vector.key), hex(vector.nonce)]
    const associatedData = vector.associatedData === undefined ? undefined : hex(vector.associatedData)
    const sealed = aead.encrypt(key, nonce, vector.plaintext, associatedData)
    expect(toHex(sealed)).toBe(vector.ciphertext + vector.tag)
    expect(toHex(aead.decrypt(key, nonce, sealed, associatedData))).toBe(toHex(vector.plaintext))
  })

  const key = crypto.randomBytes(32)
  const nonce = crypto.randomBytes(aead.nonceLength)
  const plaintext = crypto.randomBytes(100)
  const sealed = aead.encrypt(key, nonce, plaintext)

  it('refuses every flipped bit, another key or nonce and other associated data, all with the same error', () => {
    for (let bit = 0; bit < sealed.length * 8; bit += 5) {
      expect(() => aead.decrypt(key, nonce, flipBit(sealed, bit))).toThrow(DecryptionError)
    }
    expect(() => aead.decrypt(flipBit(key, 0), nonce, sealed)).toThrow(new DecryptionError())
    expect(() => aead.decrypt(key, flipBit(nonce, 0), sealed)).toThrow(new DecryptionError())
    expect(() => aead.decrypt(key, nonce, sealed, new Uint8Array(1))).toThrow(new DecryptionError())
  })
  it('refuses a text cut to any length', () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(() => aead.decrypt(key, nonce, sealed.subarray(0, length))).toThrow(DecryptionError)
    }
  })
  it('treats missing and empty associated data alike', () => {
    expect(toHex(aead.encrypt(key, nonce, plaintext, new Uint8Array()))).toBe(toHex(sealed))
  })
  it('does not change its arguments', () => {
    const before = [key, nonce, plaintext, sealed].map(toHex)
    aead.encrypt(key, nonce, plaintext)
    aead.decrypt(key, nonce, sealed)
    expect([key, nonce, plaintext, sealed].map(toHex)).toEqual(before)
  })
  it('gives the same bytes piece by piece, even if the caller reuses its buffers', () => {
    const piece = Buffer.alloc(33)
    const [ownKey, ownNonce] = [Buffer.from(key), Buffer.from(nonce)]
    const encryptor = aead.createEncryptor(ownKey, ownNonce)
    const decryptor = aead.createDecryptor(ownKey, ownNonce)
    ownKey.fill(0)
    ownNonce.fill(0)
    const [encrypted, decrypted]: [Uint8Array[], Uint8Array[]] = [[], []]
    for (const offset of [0, 33, 66]) {
      piece.set(plaintext.subarray(offset, offset + 33))
      encrypted.push(Uint8Array.from(encryptor.update(piece)))
      piece.set(sealed.subarray(offset, offset + 33))
      decrypted.push(Uint8Array.from(decryptor.update(piece)))
    }
    encrypted.push(encryptor.update(plaintext.subarray(99)), encryptor.update(new Uint8Array()), encryptor.final())
    decrypted.push(decryptor.update(sealed.subarray(99, 100)), decryptor.final(sealed.subarray(100)))
    expect(toHex(concat(...encrypted))).toBe(toHex(sealed))
    expect(toHex(concat(...decrypted))).toBe(toHex(plaintext))
  })
  it('refuses a wrong tag at the end of the pieces', () => {
    const decryptor = aead.createDecryptor(key, nonce)
    decryptor.update(sealed.subarray(0, 100))
    expect(() => decryptor.final(flipBit(sealed.subarray(100), 9))).toThrow(DecryptionError)
  })
  it('encrypts nothing to a tag, in one go and in pieces', () => {
    const tag = aead.encrypt(key, nonce, new Uint8Array())
    expect(tag).toHaveLength(16)
    expect(toHex(aead.createEncryptor(key, nonce).final())).toBe(toHex(tag))
    expect(aead.decrypt(key, nonce, tag)).toHaveLength(0)
    expect(aead.createDecryptor(key, nonce).final(tag)).toHaveLength(0)
  })
}
