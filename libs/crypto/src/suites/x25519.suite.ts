import { describe, expect, it } from '@jest/globals'

import { toHex } from '../bytes.ts'
import { type Crypto } from '../crypto.ts'
import { InvalidPublicKeyError } from '../errors.ts'
import { hex } from './vectors.suite.ts'

const NINE = '09'.padEnd(64, '0')

/** Points of low order and their non-canonical twins: each gives the all-zero secret (RFC 7748 §6.1, §7). */
export const LOW_ORDER_X25519 = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

export function x25519Suite(crypto: Crypto): void {
  const { x25519 } = crypto
  const shared = (privateKey: string, publicKey: string): string =>
    toHex(x25519.sharedSecret(hex(privateKey), hex(publicKey)))

  describe('x25519', () => {
    it('gives the outputs of RFC 7748 §5.2', () => {
      expect(
        shared(
          'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
          'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
        ),
      ).toBe('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552')
      expect(
        shared(
          '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
          'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
        ),
      ).toBe('95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957')
      expect(shared(NINE, NINE)).toBe('422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079')
    })
    it('gives the keys and the secret of RFC 7748 §6.1', () => {
      const alicePrivate = '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'
      const bobPrivate = '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'
      const alicePublic = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a'
      const bobPublic = 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'
      expect(toHex(x25519.publicKey(hex(alicePrivate)))).toBe(alicePublic)
      expect(toHex(x25519.publicKey(hex(bobPrivate)))).toBe(bobPublic)
      const secret = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742'
      expect(shared(alicePrivate, bobPublic)).toBe(secret)
      expect(shared(bobPrivate, alicePublic)).toBe(secret)
    })
    it('ignores the highest bit of a public key', () => {
      const { privateKey } = x25519.generateKeyPair()
      expect(shared(toHex(privateKey), NINE.slice(0, 62) + '80')).toBe(shared(toHex(privateKey), NINE))
    })
    it('refuses points of low order', () => {
      const { privateKey } = x25519.generateKeyPair()
      for (const point of LOW_ORDER_X25519) {
        expect(() => x25519.sharedSecret(privateKey, hex(point))).toThrow(InvalidPublicKeyError)
      }
    })
    it('generates pairs that agree with each other and differ', () => {
      const [a, b] = [x25519.generateKeyPair(), x25519.generateKeyPair()]
      expect(toHex(a.privateKey)).not.toBe(toHex(b.privateKey))
      expect(toHex(x25519.publicKey(a.privateKey))).toBe(toHex(a.publicKey))
      expect(toHex(x25519.sharedSecret(a.privateKey, b.publicKey))).toBe(
        toHex(x25519.sharedSecret(b.privateKey, a.publicKey)),
      )
    })
  })
}
