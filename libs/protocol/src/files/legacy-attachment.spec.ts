import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { CryptoArgumentError, DecryptionError, toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { contentId } from './content-id.ts'
import { encryptedLength } from './encrypted-length.ts'
import { decryptLegacyAttachment, encryptLegacyAttachment, legacyEncryptedLength } from './legacy-attachment.ts'
import { legacyPaddedLength } from './legacy-padding.ts'
import { hex, implementations, patternBytes, vectors } from './vectors.suite.ts'

const key = new Uint8Array(64).fill(7)
const iv = new Uint8Array(16).fill(9)

describe.each(implementations)('legacy attachments with %s crypto', (_name, crypto) => {
  it.each(vectors.legacy_attachments)('encrypts and decrypts exactly: $name', (vector) => {
    const plaintext = patternBytes(vector.plaintext)
    const secrets = { key: hex(vector.key), iv: hex(vector.iv), padded: vector.padded }
    const { blob, digest } = encryptLegacyAttachment(crypto, plaintext, secrets)
    expect(toHex(digest)).toBe(vector.digest)
    expect(blob).toHaveLength(vector.blob_len)
    expect(toHex(blob.subarray(-32))).toBe(vector.mac)
    expect(contentId(crypto, blob)).toBe(vector.id_http)
    const pointer = { key: secrets.key, digest, size: vector.size_field }
    expect(toHex(decryptLegacyAttachment(crypto, blob, pointer))).toBe(toHex(plaintext))
    expect(decryptLegacyAttachment(crypto, blob, { key: secrets.key })).toHaveLength(vector.padded_len)
  })

  it('gives one error for every changed byte, wrong digest, wrong size and cut', () => {
    const { blob, digest } = encryptLegacyAttachment(crypto, new Uint8Array(100), { key, iv })
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(blob)
        changed[at] = (changed[at] ?? 0) ^ flip
        expect(() => decryptLegacyAttachment(crypto, changed, { key, size: 100 })).toThrow(DecryptionError)
        expect(() => decryptLegacyAttachment(crypto, blob.subarray(0, at), { key })).toThrow(DecryptionError)
      }),
      { numRuns: 50 },
    )
    const wrong = Uint8Array.from(digest).reverse()
    expect(() => decryptLegacyAttachment(crypto, blob, { key, digest: wrong })).toThrow(DecryptionError)
    expect(() => decryptLegacyAttachment(crypto, blob, { key, size: 542 })).toThrow(DecryptionError)
    expect(() => decryptLegacyAttachment(crypto, blob, { key: new Uint8Array(64) })).toThrow(DecryptionError)
  })

  it('names a key of the wrong length', () => {
    const secrets = { key: new Uint8Array(32), iv }
    expect(() => encryptLegacyAttachment(crypto, new Uint8Array(1), secrets)).toThrow(CryptoArgumentError)
  })
})

describe('legacy padding', () => {
  it.each([...vectors.legacy_padding.samples])('pads %i bytes to %i', (length, padded) => {
    expect(legacyPaddedLength(length)).toBe(padded)
  })

  it('steps through the first buckets', () => {
    const buckets: number[] = []
    for (let length = 1; buckets.length < vectors.legacy_padding.first_buckets.length; length++) {
      const bucket = legacyPaddedLength(length)
      if (bucket !== buckets.at(-1)) buckets.push(bucket)
    }
    expect(buckets).toEqual(vectors.legacy_padding.first_buckets)
  })

  it('never cuts, never shrinks with length, and never passes the cap', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (length) => {
        const padded = legacyPaddedLength(length)
        expect(padded).toBeGreaterThanOrEqual(length)
        expect(padded).toBeLessThanOrEqual(vectors.legacy_padding.cap)
        expect(legacyPaddedLength(length + 1)).toBeGreaterThanOrEqual(Math.min(padded, length + 1))
      }),
    )
  })

  it('tells the length of the blob beforehand', () => {
    expect(legacyEncryptedLength(10_000_000)).toBe(10_000_064)
    fc.assert(
      fc.property(fc.nat(5_000), (length) => {
        const { blob } = encryptLegacyAttachment(nativeCrypto, new Uint8Array(length), { key, iv })
        expect(encryptedLength('legacy', length)).toBe(blob.length)
      }),
      { numRuns: 30 },
    )
  })
})
