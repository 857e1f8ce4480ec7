import { describe, expect, it } from '@jest/globals'

import { concat, toHex, utf8 } from '../bytes.ts'
import { type Crypto, SecretStreamTag } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'
import { flipBit, hex, pattern, readVectors } from './vectors.suite.ts'

const PIECE = 32_768

interface StreamVectors {
  readonly stream_encryption: readonly {
    readonly name: string
    readonly plaintext: { readonly pattern_seed: string; readonly len: number }
    readonly seed32: string
    readonly domain: 'attachment' | 'profile picture'
    readonly header: string
    readonly key: string
    readonly padding: number
    readonly sha256: string
  }[]
}

export function secretStreamSuite(crypto: Crypto): void {
  const { secretStream } = crypto
  const key = crypto.randomBytes(32)
  const header = crypto.randomBytes(24)

  describe('secretStream', () => {
    const { stream_encryption: cases } = readVectors('files.json') as StreamVectors
    it.each(cases)('makes and opens the attachment "$name" (files §5.4)', (vector) => {
      const file = pattern(
        (message) => crypto.sha256(message),
        hex(vector.plaintext.pattern_seed),
        vector.plaintext.len,
      )
      const personalization = utf8(vector.domain === 'attachment' ? 'SessionAttachmnt' : 'Session_Prof_Pic')
      const derived = crypto.blake2b(file, { length: 56, key: hex(vector.seed32), personalization })
      expect(toHex(derived)).toBe(vector.header + vector.key)
      const padding = new Uint8Array(vector.padding)
      padding[vector.padding - 1] = 1
      const text = concat(padding, file)
      const [streamKey, streamHeader] = [hex(vector.key), hex(vector.header)]
      const push = secretStream.createPush(streamKey, streamHeader)
      const pull = secretStream.createPull(streamKey, streamHeader)
      const messages: Uint8Array[] = [utf8('S'), streamHeader]
      for (let offset = 0; offset < text.length; offset += PIECE) {
        const plaintext = text.subarray(offset, offset + PIECE)
        const tag = offset + PIECE < text.length ? SecretStreamTag.Message : SecretStreamTag.Final
        const message = push.push(plaintext, tag)
        const opened = pull.pull(message)
        expect([opened.tag, toHex(opened.plaintext)]).toEqual([tag, toHex(plaintext)])
        messages.push(message)
      }
      expect(toHex(crypto.sha256(concat(...messages)))).toBe(vector.sha256)
    })
    it('carries all tags, changes its key with Rekey and Final and goes on', () => {
      const push = secretStream.createPush(key, header)
      const pull = secretStream.createPull(key, header)
      for (const tag of [0, 1, 2, 0, 3, 0, 2, 2, 1] as const) {
        const message = push.push(utf8('text'), tag)
        expect(message).toHaveLength(4 + secretStream.overhead)
        const opened = pull.pull(message)
        expect([opened.tag, toHex(opened.plaintext)]).toEqual([tag, toHex(utf8('text'))])
      }
    })
    it('refuses changed, cut, repeated and swapped messages and still opens the right one', () => {
      const push = secretStream.createPush(key, header)
      const pull = secretStream.createPull(key, header)
      const [first, second] = [push.push(utf8('first'), 0), push.push(utf8('second'), 3)]
      expect(() => pull.pull(second)).toThrow(DecryptionError)
      for (let bit = 0; bit < first.length * 8; bit++) {
        expect(() => pull.pull(flipBit(first, bit))).toThrow(DecryptionError)
      }
      for (let length = 0; length < first.length; length++) {
        expect(() => pull.pull(first.subarray(0, length))).toThrow(DecryptionError)
      }
      expect(toHex(pull.pull(first).plaintext)).toBe(toHex(utf8('first')))
      expect(() => pull.pull(first)).toThrow(DecryptionError)
      expect(pull.pull(second).tag).toBe(SecretStreamTag.Final)
    })
    it('opens nothing with another key or header', () => {
      const message = secretStream.createPush(key, header).push(utf8('text'), 0)
      expect(() => secretStream.createPull(flipBit(key, 3), header).pull(message)).toThrow(DecryptionError)
      for (const bit of [0, 127, 128, 191]) {
        expect(() => secretStream.createPull(key, flipBit(header, bit)).pull(message)).toThrow(DecryptionError)
      }
    })
    it('carries empty messages', () => {
      const message = secretStream.createPush(key, header).push(new Uint8Array(), 3)
      expect(message).toHaveLength(17)
      expect(secretStream.createPull(key, header).pull(message)).toEqual({
        plaintext: expect.objectContaining({ length: 0 }),
        tag: 3,
      })
    })
  })
}
