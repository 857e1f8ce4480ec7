import { describe, expect, it } from '@jest/globals'
import { encodeBase32z } from './base32z.ts'

describe('encodeBase32z', () => {
  // Examples of the z-base-32 specification (draft of 2009), section "examples", for whole bytes.
  it.each([
    ['f0bfc7', '6n9hq'],
    ['d47a04', '4t7ye'],
    ['', ''],
    ['ff', '9h'],
  ])('encodes %s', (hex, text) => {
    expect(encodeBase32z(Buffer.from(hex, 'hex'))).toBe(text)
  })

  it('gives 52 characters for a key', () => {
    expect(encodeBase32z(new Uint8Array(32))).toBe('y'.repeat(52))
  })
})
