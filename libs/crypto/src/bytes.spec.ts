import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { concat, fromHex, fromUtf8, toHex, utf8 } from './bytes.ts'

describe('toHex', () => {
  it('writes two lower-case digits for every byte', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect(toHex(all)).toBe(Buffer.from(all).toString('hex'))
    for (const byte of all) expect(toHex(Uint8Array.of(byte))).toBe(byte.toString(16).padStart(2, '0'))
  })
  it('keeps to the part of the buffer that the array shows', () => {
    expect(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe('0203')
  })
  it('is undone by fromHex for every length, one call after another', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200, size: 'max' }), (bytes) => {
        const text = toHex(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('hex'))
        expect(fromHex(text)).toEqual(Uint8Array.from(bytes))
      }),
    )
  })
})

describe('fromHex', () => {
  it('reads both cases', () => {
    expect(fromHex('00ffAbCd')).toEqual(Uint8Array.of(0, 255, 0xab, 0xcd))
    expect(fromHex('')).toEqual(new Uint8Array())
  })
  it('refuses every character that is no hex digit, in both places', () => {
    for (let code = 0; code < 0x300; code++) {
      const character = String.fromCharCode(code)
      const valid = /^[0-9a-fA-F]$/.test(character)
      expect([fromHex(`${character}0`) !== undefined, fromHex(`0${character}`) !== undefined]).toEqual([valid, valid])
    }
  })
  it('refuses half a byte, signs, prefixes and spaces', () => {
    for (const text of ['0', '000', '0x00', '-1', '+1', ' 00', '00 ', '0\n', '😀', '１２']) {
      expect(fromHex(text)).toBeUndefined()
    }
  })
  it('asks for the given length exactly', () => {
    expect([1, 2, 3].map((length) => fromHex('0102', length)?.length)).toEqual([undefined, 2, undefined])
    expect(fromHex('', 0)).toHaveLength(0)
  })
})

describe('utf8 and fromUtf8', () => {
  it('undo each other for every text, one with a byte order mark too', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(fromUtf8(utf8(text))).toBe(text)))
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
  })
  it('refuse what is no well-formed UTF-8', () => {
    for (const bytes of [[0x80], [0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff]]) {
      expect(fromUtf8(Uint8Array.from(bytes))).toBeUndefined()
    }
  })
})

describe('concat', () => {
  it('joins any number of parts in order into a new array', () => {
    const part = Uint8Array.of(1, 2)
    const whole = concat(part, new Uint8Array(), Uint8Array.of(3))
    part.fill(9)
    expect(whole).toEqual(Uint8Array.of(1, 2, 3))
    expect(concat()).toHaveLength(0)
  })
})
