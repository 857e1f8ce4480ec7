import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import { encodeBencode } from '../bencode/index.ts'
import {
  encodeForeignRelay,
  encodeRelayMessage,
  parseFrame,
  parseGuardControl,
  parseRelayMessage,
  RelayMessageError,
} from './index.ts'

const ephemeral_key = new Uint8Array(32).fill(5)
const data = utf8('layer')
const message = fc.record({
  data: fc.uint8Array(),
  encryptionType: fc.constantFrom('aes-cbc' as const, 'aes-gcm' as const, 'xchacha20' as const),
  ephemeralKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  hopNumber: fc.integer({ min: 1, max: 100 }),
})

describe('a relay message', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(message, (original) => expect(parseRelayMessage(encodeRelayMessage(original))).toEqual(original)),
    )
  })

  it('says the same to a foreign node over HTTPS', () => {
    fc.assert(
      fc.property(message, ({ data, ...control }) => {
        const frame = parseFrame(encodeForeignRelay({ data, ...control }))
        expect(frame.blob).toEqual(data)
        expect(parseGuardControl(frame.control)).toEqual(control)
      }),
    )
  })

  it('counts from hop 1 and means aes-gcm where nothing is said', () => {
    for (const hop of [{}, { hop_no: 0 }, { hop_no: -7 }]) {
      const { hopNumber, encryptionType } = parseRelayMessage(encodeBencode({ data, ephemeral_key, ...hop }))
      expect({ hopNumber, encryptionType }).toEqual({ hopNumber: 1, encryptionType: 'aes-gcm' })
    }
  })

  it.each([
    ['a list', encodeBencode([])],
    ['no bencode', utf8('hello')],
    ['no data', encodeBencode({ ephemeral_key })],
    ['data that is a number', encodeBencode({ data: 1, ephemeral_key })],
    ['a short key', encodeBencode({ data, ephemeral_key: ephemeral_key.subarray(1) })],
    ['no key', encodeBencode({ data })],
    ['an unknown type', encodeBencode({ data, ephemeral_key, enc_type: 'rot13' })],
    ['a type that is no text', encodeBencode({ data, ephemeral_key, enc_type: 1 })],
    ['a huge hop number', encodeBencode({ data, ephemeral_key, hop_no: 2n ** 63n })],
  ])('is refused when it is or has %s', (_, bytes) => {
    expect(() => parseRelayMessage(bytes)).toThrow(RelayMessageError)
  })

  it('throws nothing but its error on damaged input', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(255), (original, at, byte) => {
        const bytes = encodeRelayMessage(original)
        bytes[at % bytes.length] = byte
        try {
          expect(parseRelayMessage(bytes).ephemeralKey).toHaveLength(32)
        } catch (error) {
          if (!(error instanceof RelayMessageError)) throw error
        }
      }),
      { numRuns: 500 },
    )
  })
})
