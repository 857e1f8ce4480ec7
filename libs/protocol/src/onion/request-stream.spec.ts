import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { concat, fromUtf8, utf8 } from '#crypto'
import {
  encodeStreamMessage,
  MAX_STREAM_MESSAGE_LENGTH,
  parseStreamMessage,
  RequestStreamError,
  streamErrorText,
  type StreamMessage,
} from './index.ts'

const common = { id: fc.nat(), body: fc.uint8Array() }
const message: fc.Arbitrary<StreamMessage> = fc.oneof(
  fc.record({ kind: fc.constant('command' as const), endpoint: fc.string({ unit: 'grapheme' }), ...common }),
  fc.record({ kind: fc.constantFrom('success' as const, 'error' as const), ...common }),
)

describe('a request stream', () => {
  it('is read message by message, whatever its pieces are', () => {
    fc.assert(
      fc.property(message, message, fc.nat(), (first, second, cut) => {
        const stream = concat(encodeStreamMessage(first), encodeStreamMessage(second))
        const parsed = parseStreamMessage(stream)
        expect(parsed?.message).toEqual(first)
        expect(parseStreamMessage(stream.subarray(parsed?.length))?.message).toEqual(second)
        const length = parsed?.length ?? 0
        expect(parseStreamMessage(stream.subarray(0, cut % length))).toBeUndefined()
      }),
    )
  })

  it('refuses a message that is too long, before it has come', () => {
    const longest = MAX_STREAM_MESSAGE_LENGTH
    expect(parseStreamMessage(utf8(`${longest - 1}:`))).toBeUndefined()
    expect(parseStreamMessage(utf8(`${longest}:`))).toBeUndefined()
    expect(() => parseStreamMessage(utf8(`${longest + 1}:`))).toThrow(RequestStreamError)
    expect(() => parseStreamMessage(utf8('999999999'))).toThrow(RequestStreamError)
  })

  it('writes the longest message and none longer', () => {
    // l1:Ri1e8:… and the digits of the body's length are 16 bytes around it.
    const body = new Uint8Array(MAX_STREAM_MESSAGE_LENGTH - 16)
    expect(encodeStreamMessage({ kind: 'success', id: 1, body })).toHaveLength(MAX_STREAM_MESSAGE_LENGTH + 9)
    const longer = new Uint8Array(body.length + 1)
    expect(() => encodeStreamMessage({ kind: 'success', id: 1, body: longer })).toThrow(RequestStreamError)
  })

  it.each([
    'x',
    ':',
    '01:a',
    '3:abc',
    '2:de',
    '11:l1:Xi1e1:ae',
    '12:l1:Ri-1e1:ae',
    '10:l1:Ri1ei1ee',
    '14:l1:Ri1e1:a1:be',
    '11:l1:Ci1e1:ae',
    '13:l1:Ci1ei1e1:ae',
    '8:l1:R1:ae',
    '5:l1:Re',
  ])('refuses %j', (text) => {
    expect(() => parseStreamMessage(utf8(text.padEnd(30)))).toThrow(RequestStreamError)
  })

  it('throws nothing but its error', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(255), (original, at, byte) => {
        const bytes = encodeStreamMessage(original)
        bytes[at % bytes.length] = byte
        try {
          const parsed = parseStreamMessage(bytes)
          expect(parsed === undefined || parsed.length <= bytes.length).toBe(true)
        } catch (error) {
          if (!(error instanceof RequestStreamError)) throw error
        }
      }),
    )
  })

  it('writes errors with status line and empty line', () => {
    expect(streamErrorText(504, 'Gateway Timeout', 'Request time out')).toBe('504 Gateway Timeout\n\nRequest time out')
    expect(fromUtf8(encodeStreamMessage({ kind: 'error', id: 0, body: utf8('x') }))).toBe('11:l1:Ei0e1:xe')
  })
})
