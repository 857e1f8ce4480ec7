import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DecryptionError, toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { AttachmentTooLargeError, encryptedLength, MAX_PLAINTEXT } from '#protocol'
import { type AttachmentKey, formatAttachmentKey, parseAttachmentKey } from './attachment-key.ts'
import { decryptAttachment, encryptAttachment } from './attachment.ts'
import { AttachmentKeyError } from './errors.ts'

const schemes = ['legacy', 'stream'] as const

describe.each(schemes)('an attachment in the %s scheme', (scheme) => {
  it('opens with the string of its key alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (file) => {
        const { blob, key } = encryptAttachment(nativeCrypto, file, scheme)
        expect(blob).toHaveLength(encryptedLength(scheme, file.length))
        const text = formatAttachmentKey(key)
        expect(text).toHaveLength(scheme === 'legacy' ? 135 : 44)
        expect(toHex(decryptAttachment(nativeCrypto, blob, parseAttachmentKey(text)))).toBe(toHex(file))
      }),
      { numRuns: 20 },
    )
  })

  it('does not open with another key', () => {
    const file = new Uint8Array(100)
    const { blob } = encryptAttachment(nativeCrypto, file, scheme)
    const { key } = encryptAttachment(nativeCrypto, file, scheme)
    expect(() => decryptAttachment(nativeCrypto, blob, key)).toThrow(DecryptionError)
  })

  it('takes the largest file and none larger', () => {
    expect(() => encryptAttachment(nativeCrypto, new Uint8Array(MAX_PLAINTEXT + 1), scheme)).toThrow(
      AttachmentTooLargeError,
    )
    const { blob } = encryptAttachment(nativeCrypto, new Uint8Array(MAX_PLAINTEXT), scheme)
    expect(blob).toHaveLength(encryptedLength(scheme, MAX_PLAINTEXT))
  })
})

describe('the stream scheme', () => {
  it('gives the same bytes to the same account', () => {
    const seed = new Uint8Array(32).fill(5)
    const blobs = [1, 2].map(() => toHex(encryptAttachment(nativeCrypto, new Uint8Array(9), 'stream', seed).blob))
    expect(blobs[0]).toBe(blobs[1])
  })
})

describe('parseAttachmentKey', () => {
  const key: AttachmentKey = {
    scheme: 'legacy',
    key: new Uint8Array(64).fill(1),
    digest: new Uint8Array(32).fill(2),
    size: 4_294_967_295,
  }

  it('gives back every part', () => {
    expect(parseAttachmentKey(formatAttachmentKey(key))).toEqual(key)
  })

  it('refuses a key that is cut, changed in kind, or no key', () => {
    const text = formatAttachmentKey(key)
    for (const bad of ['', text.slice(1), text.slice(0, -1), `${text}A`, 'U' + 'A'.repeat(42), '?']) {
      expect(() => parseAttachmentKey(bad)).toThrow(AttachmentKeyError)
    }
    fc.assert(
      fc.property(fc.string(), (other) => {
        expect(() => parseAttachmentKey(other)).toThrow(AttachmentKeyError)
      }),
    )
  })
})
