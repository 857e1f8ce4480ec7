import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fromUtf8, utf8 } from '#crypto'
import { BencodeError, type BencodeValue, decodeBencode, encodeBencode, MAX_BENCODE_DEPTH } from './index.ts'

const text = (value: Parameters<typeof encodeBencode>[0]): string | undefined => fromUtf8(encodeBencode(value))
const decode = (encoded: string): BencodeValue => decodeBencode(utf8(encoded))

const key = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)), maxLength: 5 })
const value = fc.letrec<{ any: BencodeValue }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.uint8Array({ maxLength: 40 }),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    fc.array(tie('any'), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie('any')), { maxLength: 5 }).map((entries) => new Map(entries)),
  ),
})).any

describe('encodeBencode', () => {
  it('writes texts, integers, lists and sorted dicts', () => {
    const dict = { b: [1, -2n, 0], a: 'ü', B: new Uint8Array([1]) }
    expect(text(dict)).toBe('d1:B1:\u00011:a2:ü1:bli1ei-2ei0eee')
    expect(text(new Map([['~', 'data']]))).toBe('d1:~4:datae')
  })

  it.each([
    ['a fraction', 1.5],
    ['an unsafe number', 2 ** 53],
    ['an integer above 64 bits', 2n ** 64n],
    ['an integer below 64 bits', -(2n ** 63n) - 1n],
    ['a key that is no bytes', { Ā: 1 }],
    ['a key outside the basic plane', { '😀': 1 }],
  ])('refuses %s', (_, input) => {
    expect(() => encodeBencode(input)).toThrow(BencodeError)
  })
})

describe('decodeBencode', () => {
  it('reads back whatever was encoded', () => {
    fc.assert(
      fc.property(value, (original) => {
        const encoded = encodeBencode(original)
        expect(encodeBencode(decodeBencode(encoded))).toEqual(encoded)
      }),
    )
  })

  it('gives numbers where they are exact, else bigints', () => {
    expect(decode('i9007199254740991e')).toBe(9007199254740991)
    expect(decode('i9007199254740992e')).toBe(9007199254740992n)
    expect(decode('i18446744073709551615e')).toBe(2n ** 64n - 1n)
    expect(decode('i-9223372036854775808e')).toBe(-(2n ** 63n))
  })

  it.each([
    ['nothing', ''],
    ['superfluous bytes', 'i1ei2e'],
    ['an integer with leading zeros', 'i01e'],
    ['negative zero', 'i-0e'],
    ['an empty integer', 'ie'],
    ['a bare minus', 'i-e'],
    ['an integer above 64 bits', 'i18446744073709551616e'],
    ['an integer below 64 bits', 'i-9223372036854775809e'],
    ['an endless integer', `i${'1'.repeat(50)}e`],
    ['an unterminated integer', 'i1'],
    ['a length with leading zeros', '01:a'],
    ['a negative length', '-1:a'],
    ['a truncated string', '2:a'],
    ['a length beyond any memory', '9999999999:a'],
    ['an unterminated list', 'l1:a'],
    ['an unterminated dict', 'd1:a1:b'],
    ['a key without value', 'd1:ae'],
    ['a key that is no string', 'di1e1:ae'],
    ['keys out of order', 'd1:b1:x1:a1:ye'],
    ['a key twice', 'd1:a1:x1:a1:ye'],
    ['letters', 'x'],
  ])('refuses %s', (_, encoded) => {
    expect(() => decode(encoded)).toThrow(BencodeError)
  })

  it('takes the deepest nesting allowed and nothing deeper', () => {
    const nested = (depth: number): string => 'l'.repeat(depth) + 'e'.repeat(depth)
    expect(text(decode(nested(MAX_BENCODE_DEPTH)))).toBe(nested(MAX_BENCODE_DEPTH))
    expect(() => decode(nested(MAX_BENCODE_DEPTH + 1))).toThrow(BencodeError)
    expect(() => decode('l'.repeat(100_000))).toThrow(BencodeError)
    const tooDeep = Array.from({ length: MAX_BENCODE_DEPTH + 1 }).reduce<BencodeValue>((inner) => [inner], 1)
    expect(() => encodeBencode(tooDeep)).toThrow(BencodeError)
  })

  it('throws nothing but its error on any bytes, and is strict: what it reads encodes to the same bytes', () => {
    const symbols = fc.constantFrom(...'ilde:0123456789-a').map((char) => char.charCodeAt(0))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.array(symbols).map((codes) => Uint8Array.from(codes)),
        ),
        (bytes) => {
          try {
            expect(encodeBencode(decodeBencode(bytes))).toEqual(bytes)
          } catch (error) {
            if (!(error instanceof BencodeError)) throw error
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
