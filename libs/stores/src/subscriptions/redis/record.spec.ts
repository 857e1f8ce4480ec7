import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { StoreCorruptError } from '../../errors.ts'
import { decodeRecord, encodeEntry, FORMAT } from './record.ts'

const digests = fc.uint8Array({ minLength: 16, maxLength: 16 })
const entries = fc.record({
  account: digests,
  device: digests,
  service: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 32 }),
  namespaces: fc.uint8Array({ minLength: 2, maxLength: 8_192 }),
  wantsData: fc.boolean(),
  signedAt: fc.maxSafeInteger(),
  registeredAt: fc.maxSafeInteger(),
  sealed: fc.uint8Array({ maxLength: 4_096 }),
})

function recordOf(...parts: Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.of(FORMAT), ...parts])
}

function plain(value: Omit<Parameters<typeof encodeEntry>[0], 'account'>): unknown {
  const { device, namespaces, sealed, ...rest } = value
  // The sign of a zero does not matter.
  const times = { signedAt: value.signedAt + 0, registeredAt: value.registeredAt + 0 }
  return { ...rest, ...times, device: [...device], namespaces: [...namespaces], sealed: [...sealed] }
}

describe('a record', () => {
  it('has the subscriptions that were encoded', () => {
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1, maxLength: 4 }), (some) => {
        const decoded = decodeRecord(recordOf(...some.map(encodeEntry)))
        expect(decoded.map(plain)).toEqual(some.map(({ account: _, ...rest }) => plain(rest)))
      }),
    )
  })

  it('is refused wherever it is cut off, and when it is empty or of another format', () => {
    const entry = encodeEntry({
      account: new Uint8Array(16),
      device: new Uint8Array(16),
      service: 'apns',
      namespaces: new Uint8Array(2),
      wantsData: true,
      signedAt: 1,
      registeredAt: 2,
      sealed: new Uint8Array(9),
    })
    const whole = recordOf(entry, entry)
    for (let length = 0; length < whole.length; length++) {
      if (length === entry.length + 1) continue
      expect(() => decodeRecord(whole.subarray(0, length))).toThrow(StoreCorruptError)
    }
    const other = Buffer.from(whole)
    other[0] = FORMAT + 1
    expect(() => decodeRecord(other)).toThrow(StoreCorruptError)
  })
})
