import { describe, expect, it } from '@jest/globals'

import { toHex, utf8 } from '../bytes.ts'
import { type Crypto } from '../crypto.ts'
import { hex, pattern, readVectors } from './vectors.suite.ts'

interface ContentIds {
  readonly content_ids: readonly {
    readonly name: string
    readonly data: { readonly pattern_seed?: string; readonly data_hex?: string; readonly len: number }
    readonly sha256: string
    readonly id_http: string
    readonly id_quic: string
  }[]
}

/** RFC 4231 §4.2, §4.3 and §4.7: key, data, HMAC-SHA-256, HMAC-SHA-512. */
const RFC_4231 = [
  [
    '0b'.repeat(20),
    'Hi There',
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
  ],
  [
    toHex(utf8('Jefe')),
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ],
  [
    'aa'.repeat(131),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
  ],
] as const

export function hashSuite(crypto: Crypto): void {
  describe('sha256 and sha512', () => {
    it('give the digests of "abc" in FIPS 180-4', () => {
      expect(toHex(crypto.sha256(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
      expect(toHex(crypto.sha512(utf8('abc')))).toBe(
        'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      )
    })
  })
  describe('hmacSha256 and hmacSha512', () => {
    it('give the values of RFC 4231', () => {
      for (const [key, data, mac256, mac512] of RFC_4231) {
        expect(toHex(crypto.hmacSha256(hex(key), utf8(data)))).toBe(mac256)
        expect(toHex(crypto.hmacSha512(hex(key), utf8(data)))).toBe(mac512)
      }
    })
    it('take an empty key', () => {
      expect(toHex(crypto.hmacSha256(new Uint8Array(), new Uint8Array()))).toBe(
        'b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad',
      )
    })
  })
  describe('blake2b', () => {
    it('gives the digest of RFC 7693 appendix A', () => {
      expect(toHex(crypto.blake2b(utf8('abc'), { length: 64 }))).toBe(
        'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
      )
    })
    it('passes the self-test of RFC 7693 appendix E', () => {
      const total = crypto.createBlake2b({ length: 32 })
      for (const length of [20, 32, 48, 64]) {
        for (const inputLength of [0, 3, 128, 129, 255, 1024]) {
          const input = selfTestSequence(inputLength, inputLength)
          total.update(crypto.blake2b(input, { length }))
          total.update(crypto.blake2b(input, { length, key: selfTestSequence(length, length) }))
        }
      }
      expect(toHex(total.digest())).toBe('c23a7800d98123bd10f506c61e29da5603d763b8bbad2e737f5e765a7bccd475')
    })
    it.each((readVectors('files.json') as ContentIds).content_ids)(
      'gives the content ids of "$name" (files §2.2)',
      (vector) => {
        const { pattern_seed: seed, data_hex: text, len } = vector.data
        const data = seed === undefined ? hex(text ?? '') : pattern((message) => crypto.sha256(message), hex(seed), len)
        expect(toHex(crypto.sha256(data))).toBe(vector.sha256)
        const name = utf8('SessionFileSvr\0\0')
        const ids = [
          crypto.blake2b(data, { length: 33, salt: name }),
          crypto.blake2b(data, { length: 33, key: name }),
        ].map((id) => Buffer.from(id).toString('base64url'))
        expect(ids).toEqual([vector.id_http, vector.id_quic])
      },
    )
    it('gives the same digest fed in pieces around block and buffer ends, with several hashes side by side', () => {
      const options = {
        length: 37,
        key: crypto.randomBytes(5),
        salt: crypto.randomBytes(16),
        personalization: crypto.randomBytes(16),
      }
      const message = crypto.randomBytes(1_400_000)
      const expected = toHex(crypto.blake2b(message, options))
      const [whole, small] = [crypto.createBlake2b(options), crypto.createBlake2b(options)]
      let offset = 0
      for (const length of [0, 1, 127, 128, 129, 255, 700_000, 699_360]) {
        small.update(message.subarray(offset, offset + length))
        offset += length
        if (offset === 1) whole.update(message)
      }
      expect(offset).toBe(message.length)
      expect(toHex(small.digest())).toBe(expected)
      expect(toHex(whole.digest())).toBe(expected)
    })
    it('keeps its own copy of what it was created with', () => {
      const key = Buffer.from(crypto.randomBytes(32))
      const expected = toHex(crypto.blake2b(utf8('abc'), { length: 32, key }))
      const hash = crypto.createBlake2b({ length: 32, key })
      key.fill(0)
      expect(toHex(hash.update(utf8('abc')).digest())).toBe(expected)
    })
  })
}

/** The deterministic input of RFC 7693 appendix E. */
function selfTestSequence(length: number, seed: number): Uint8Array {
  let a = Math.imul(0xdead4bad, seed)
  let b = 1
  return Uint8Array.from({ length }, () => {
    const t = (a + b) | 0
    a = b
    b = t
    return t >>> 24
  })
}
