import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { concat, type Crypto, DecryptionError, SecretStreamTag, toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { shortToBase64 } from './base64.ts'
import { contentId, quicContentId } from './content-id.ts'
import { encryptedLength } from './encrypted-length.ts'
import { AttachmentTooLargeError } from './errors.ts'
import { MAX_STREAM_PLAINTEXT, MAX_UPLOAD_SIZE } from './limits.ts'
import { streamEncryptedLength, streamMaxPlaintext, streamPaddingLength } from './stream-length.ts'
import { decryptStream, deriveStreamKey, encryptStream } from './stream.ts'
import { hex, implementations, patternBytes, vectors } from './vectors.suite.ts'

const seed = new Uint8Array(32).fill(3)

/** A blob whose pieces are encrypted properly but whose contents break the rules of the scheme. */
function craft(crypto: Crypto, pieces: readonly { text: Uint8Array; tag: SecretStreamTag }[]): Uint8Array {
  const header = new Uint8Array(24)
  const push = crypto.secretStream.createPush(seed, header)
  return concat(Uint8Array.of(0x53), header, ...pieces.map(({ text, tag }) => push.push(text, tag)))
}

describe.each(implementations)('the stream scheme with %s crypto', (_name, crypto) => {
  it.each(vectors.stream_encryption)('encrypts and decrypts exactly: $name', (vector) => {
    const plaintext = patternBytes(vector.plaintext)
    const secrets = { seed: hex(vector.seed32), domain: vector.domain }
    const derived = deriveStreamKey(crypto, plaintext, secrets)
    expect(toHex(derived.header)).toBe(vector.header)
    expect(streamPaddingLength(plaintext.length)).toBe(vector.padding)
    const { blob, key } = encryptStream(crypto, plaintext, secrets)
    expect(toHex(key)).toBe(vector.key)
    expect(blob).toHaveLength(vector.blob_len)
    expect(toHex(crypto.sha256(blob))).toBe(vector.sha256)
    expect(contentId(crypto, blob)).toBe(vector.id_http)
    expect(quicContentId(crypto, blob)).toBe(vector.id_quic)
    expect(toHex(decryptStream(crypto, blob, key))).toBe(toHex(plaintext))
  })

  it.each(vectors.stream_negative)('opens or refuses: $name', ({ key, blob_b64, ok, plaintext_hex }) => {
    const decrypt = (): Uint8Array => decryptStream(crypto, Uint8Array.from(Buffer.from(blob_b64, 'base64')), hex(key))
    if (ok) expect(toHex(decrypt())).toBe(plaintext_hex)
    else expect(decrypt).toThrow(DecryptionError)
  })

  it('gives one error for every changed byte and every cut', () => {
    const { blob, key } = encryptStream(crypto, new Uint8Array(50), { seed, domain: 'attachment' })
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(blob)
        changed[at] = (changed[at] ?? 0) ^ flip
        expect(() => decryptStream(crypto, changed, key)).toThrow(DecryptionError)
        expect(() => decryptStream(crypto, blob.subarray(0, at), key)).toThrow(DecryptionError)
      }),
      { numRuns: 40 },
    )
  })

  const full = new Uint8Array(32_768)
  it.each([
    ['nothing but zeros', [{ text: new Uint8Array(9), tag: SecretStreamTag.Final }]],
    ['padding that ends in another byte', [{ text: Uint8Array.of(0, 2, 1, 5), tag: SecretStreamTag.Final }]],
    ['an empty stream', [{ text: new Uint8Array(0), tag: SecretStreamTag.Final }]],
    ['no final piece', [{ text: Uint8Array.of(1, 5), tag: SecretStreamTag.Message }]],
    [
      'a final piece before the end',
      [
        { text: full, tag: SecretStreamTag.Final },
        { text: Uint8Array.of(1, 5), tag: SecretStreamTag.Final },
      ],
    ],
  ])('refuses %s', (_what, pieces) => {
    expect(() => decryptStream(crypto, craft(crypto, pieces), seed)).toThrow(DecryptionError)
  })

  it('gives unrelated keys for other accounts and other domains', () => {
    const file = new Uint8Array(10)
    const keys = [
      encryptStream(crypto, file, { seed, domain: 'attachment' }),
      encryptStream(crypto, file, { seed, domain: 'profile picture' }),
      encryptStream(crypto, file, { seed: new Uint8Array(32), domain: 'attachment' }),
    ].map(({ key }) => shortToBase64(key))
    expect(new Set(keys).size).toBe(3)
  })
})

describe('stream lengths', () => {
  it.each([...vectors.stream_sizes])(
    '%i bytes: %i of padding, %i encrypted, largest %i',
    (length, padding, total, largest) => {
      expect(streamPaddingLength(length)).toBe(padding)
      expect(streamEncryptedLength(length)).toBe(total)
      expect(streamMaxPlaintext(total)).toBe(largest)
    },
  )

  it.each([
    [4_053, 4_096],
    [8_149, 8_192],
    [60_000, 61_440],
    [25_000_000, 25_165_824],
  ])('encrypts %i bytes to %i', (length, total) => {
    expect(encryptedLength('stream', length)).toBe(total)
  })

  it('knows the largest file that servers accept', () => {
    expect(streamMaxPlaintext(MAX_UPLOAD_SIZE)).toBe(MAX_STREAM_PLAINTEXT)
    expect(streamEncryptedLength(MAX_STREAM_PLAINTEXT)).toBe(MAX_UPLOAD_SIZE)
    expect(streamEncryptedLength(MAX_STREAM_PLAINTEXT + 1)).toBeGreaterThan(MAX_UPLOAD_SIZE)
  })

  it('pads at least one byte and never beyond what the length allows', () => {
    fc.assert(
      fc.property(fc.nat(30_000_000), (length) => {
        expect(streamPaddingLength(length)).toBeGreaterThanOrEqual(1)
        expect(streamMaxPlaintext(streamEncryptedLength(length))).toBeGreaterThanOrEqual(length)
      }),
    )
  })

  it('refuses a file over the limit and takes one at it', () => {
    const secrets = { seed, domain: 'attachment', maxPlaintext: 100 } as const
    expect(() => encryptStream(nativeCrypto, new Uint8Array(101), secrets)).toThrow(AttachmentTooLargeError)
    expect(encryptStream(nativeCrypto, new Uint8Array(100), secrets).blob).toHaveLength(4_096)
  })
})
