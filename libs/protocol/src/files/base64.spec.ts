import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { shortFromBase64, shortFromBase64Url, shortToBase64, shortToBase64Url } from './base64.ts'

describe('base64 of short texts', () => {
  it('agrees with Buffer, padded and not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const standard = Buffer.from(bytes).toString('base64')
        const urlSafe = Buffer.from(bytes).toString('base64url')
        expect(shortToBase64(bytes)).toBe(standard)
        expect(shortToBase64Url(bytes)).toBe(urlSafe)
        expect(shortFromBase64(standard)).toEqual(Uint8Array.from(bytes))
        expect(shortFromBase64(standard.replace(/=+$/, ''))).toEqual(Uint8Array.from(bytes))
        expect(shortFromBase64Url(urlSafe)).toEqual(Uint8Array.from(bytes))
      }),
    )
  })

  it.each(['A', 'AA=', 'AAA==', 'AA==AA', 'A A', 'AA-_'])('refuses %p', (text) => {
    expect(shortFromBase64(text)).toBeUndefined()
  })
})
