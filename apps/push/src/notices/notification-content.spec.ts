import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { StoreCorruptError } from '#stores'
import { decodeContent, encodeContent } from './notification-content.ts'

const content = fc.record({
  device: fc.uint8Array({ maxLength: 4_096 }),
  isUrgent: fc.boolean(),
  payload: fc.uint8Array({ maxLength: 3_000 }),
})

describe('the content of a notification', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(content, (one) => {
        const read = decodeContent(encodeContent(one))
        expect(read.isUrgent).toBe(one.isUrgent)
        expect(Buffer.from(read.device).equals(one.device)).toBe(true)
        expect(Buffer.from(read.payload).equals(one.payload)).toBe(true)
      }),
    )
  })

  it('is refused when it is cut within the device or of another version', () => {
    const encoded = encodeContent({
      device: new Uint8Array(300),
      isUrgent: true,
      payload: new Uint8Array(9),
    })
    expect(decodeContent(encoded.subarray(0, 304)).payload).toHaveLength(0)
    expect(() => decodeContent(encoded.subarray(0, 303))).toThrow(StoreCorruptError)
    expect(() => decodeContent(new Uint8Array())).toThrow(StoreCorruptError)
    encoded[0] = 2
    expect(() => decodeContent(encoded)).toThrow(StoreCorruptError)
  })
})
