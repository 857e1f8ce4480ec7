import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fromUtf8, utf8 } from '#crypto'
import { decodeBase64Bytes, encodeBase64Bytes } from './index.ts'

describe('base64 of bytes', () => {
  it('is what the platform gives, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        expect(fromUtf8(encodeBase64Bytes(bytes))).toBe(text)
        expect(decodeBase64Bytes(utf8(text))).toEqual(bytes)
        expect(decodeBase64Bytes(utf8(text.replace(/=+$/, '')))).toEqual(bytes)
      }),
    )
  })

  it.each(['A', 'AAAAA', 'A===', '====', '=', 'AA=', 'AA=A', 'AAA AAAA', 'AA-_', 'AA\n=', 'é'])(
    'refuses %j',
    (text) => {
      expect(decodeBase64Bytes(utf8(text))).toBeUndefined()
    },
  )
})
