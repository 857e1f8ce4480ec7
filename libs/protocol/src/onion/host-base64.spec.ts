import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import { decodePortably, encodePortably } from './base64-bytes.ts'
import { hostBase64 } from './host-base64.ts'

const text = fc.oneof(
  fc.base64String({ maxLength: 300 }),
  fc.base64String({ maxLength: 60 }).map((whole) => whole.replace(/=+$/, '')),
  fc.string({ unit: fc.constantFrom(...'aB0+/=-_ \n\u00e9'), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

describe('base64 by the host', () => {
  it('is there in Node', () => {
    expect(hostBase64).toBeDefined()
  })

  it('gives the text that portable code gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 3 }), (bytes, start) => {
        const part = bytes.subarray(start)
        expect(hostBase64?.encodeBytes(part)).toEqual(encodePortably(part))
        expect(hostBase64?.encode(part)).toBe(Buffer.from(encodePortably(part)).toString())
      }),
    )
  })

  it('takes and refuses the texts that portable code takes and refuses', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(hostBase64?.decode(one)).toEqual(decodePortably(utf8(one)))
        expect(hostBase64?.decodeBytes(utf8(one))).toEqual(decodePortably(utf8(one)))
      }),
      { numRuns: 5_000 },
    )
  })
})
