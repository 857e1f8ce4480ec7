import { describe, expect, it } from '@jest/globals'

import { toHex } from '../bytes.ts'
import { type Crypto } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'
import { flipBit, hex } from './vectors.suite.ts'

export function blockCipherSuite(crypto: Crypto): void {
  const { aes256Cbc } = crypto
  describe('aes256Cbc', () => {
    it('begins with the blocks of NIST SP 800-38A F.2.5', () => {
      const key = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4')
      const iv = hex('000102030405060708090a0b0c0d0e0f')
      const plaintext = hex(
        '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
      )
      const ciphertext = aes256Cbc.encrypt(key, iv, plaintext)
      expect(toHex(ciphertext.subarray(0, 64))).toBe(
        'f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b',
      )
      expect(ciphertext).toHaveLength(80)
      expect(toHex(aes256Cbc.decrypt(key, iv, ciphertext))).toBe(toHex(plaintext))
    })

    const key = crypto.randomBytes(32)
    const iv = crypto.randomBytes(16)
    it('always adds padding, up to a whole block', () => {
      for (const [length, encrypted] of [
        [0, 16],
        [1, 16],
        [15, 16],
        [16, 32],
        [17, 32],
      ] as const) {
        const ciphertext = aes256Cbc.encrypt(key, iv, new Uint8Array(length))
        expect(ciphertext).toHaveLength(encrypted)
        expect(aes256Cbc.decrypt(key, iv, ciphertext)).toHaveLength(length)
      }
    })
    it('refuses a length that is no multiple of a block, and nothing at all', () => {
      for (const length of [0, 1, 15, 17, 31]) {
        expect(() => aes256Cbc.decrypt(key, iv, new Uint8Array(length))).toThrow(new DecryptionError())
      }
    })
    it('refuses padding that is wrong in its length or in any of its bytes', () => {
      // With one block, a changed bit of the IV changes the same bit of the plaintext.
      const ciphertext = aes256Cbc.encrypt(key, iv, new Uint8Array(12))
      for (const byte of [12, 13, 14, 15]) {
        expect(() => aes256Cbc.decrypt(key, flipBit(iv, byte * 8 + 6), ciphertext)).toThrow(new DecryptionError())
      }
      const whole = aes256Cbc.encrypt(key, iv, new Uint8Array())
      const zeroPadding = iv.map((byte) => byte ^ 16)
      expect(() => aes256Cbc.decrypt(key, zeroPadding, whole)).toThrow(new DecryptionError())
    })
  })
}
