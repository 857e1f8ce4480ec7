import { describe, expect, it } from '@jest/globals'

import { toHex } from '../bytes.ts'
import { type Crypto } from '../crypto.ts'

export function utilitySuite(crypto: Crypto): void {
  describe('randomBytes', () => {
    it('gives as many bytes as asked for, also more than one call of the platform may give', () => {
      for (const length of [0, 1, 32, 65_536, 200_000]) expect(crypto.randomBytes(length)).toHaveLength(length)
    })
    it('fills the whole array', () => {
      const bytes = crypto.randomBytes(200_000)
      for (let offset = 0; offset < bytes.length; offset += 20_000) {
        expect(bytes.subarray(offset, offset + 32).some((byte) => byte !== 0)).toBe(true)
      }
    })
    it('differs from call to call', () => {
      expect(toHex(crypto.randomBytes(32))).not.toBe(toHex(crypto.randomBytes(32)))
    })
  })
  describe('timingSafeEqual', () => {
    it('accepts equal contents and refuses one changed bit at either end', () => {
      const bytes = crypto.randomBytes(33)
      expect(crypto.timingSafeEqual(bytes, Uint8Array.from(bytes))).toBe(true)
      for (const index of [0, 32]) {
        const other = Uint8Array.from(bytes)
        other[index]! ^= 1
        expect(crypto.timingSafeEqual(bytes, other)).toBe(false)
      }
    })
    it('is false for different lengths and true for two empty arrays', () => {
      expect(crypto.timingSafeEqual(new Uint8Array(2), new Uint8Array(3))).toBe(false)
      expect(crypto.timingSafeEqual(new Uint8Array(3), new Uint8Array(2))).toBe(false)
      expect(crypto.timingSafeEqual(new Uint8Array(), new Uint8Array())).toBe(true)
    })
  })
}
