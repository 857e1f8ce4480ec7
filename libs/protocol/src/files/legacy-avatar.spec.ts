import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DecryptionError, toHex } from '#crypto'
import { decryptLegacyAvatar, encryptLegacyAvatar } from './legacy-avatar.ts'
import { hex, implementations, patternBytes, vectors } from './vectors.suite.ts'

describe.each(implementations)('legacy avatars with %s crypto', (_name, crypto) => {
  it.each(vectors.legacy_avatars)('encrypts and decrypts exactly: $name', (vector) => {
    const plaintext = patternBytes(vector.plaintext)
    const key = hex(vector.profile_key)
    const blob = encryptLegacyAvatar(crypto, plaintext, { key, nonce: hex(vector.iv) })
    expect(blob).toHaveLength(vector.blob_len)
    expect(toHex(crypto.sha256(blob))).toBe(vector.sha256)
    expect(toHex(decryptLegacyAvatar(crypto, blob, key))).toBe(toHex(plaintext))
  })

  it('gives one error for every changed byte and every cut', () => {
    const key = new Uint8Array(32).fill(1)
    const blob = encryptLegacyAvatar(crypto, new Uint8Array(40), { key, nonce: new Uint8Array(12) })
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(blob)
        changed[at] = (changed[at] ?? 0) ^ flip
        expect(() => decryptLegacyAvatar(crypto, changed, key)).toThrow(DecryptionError)
        expect(() => decryptLegacyAvatar(crypto, blob.subarray(0, at), key)).toThrow(DecryptionError)
      }),
      { numRuns: 40 },
    )
  })
})
