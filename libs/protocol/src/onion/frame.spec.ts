import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { encodeFrame, FrameError, parseFrame } from './index.ts'

describe('parseFrame', () => {
  it('reads back whatever was framed, from any place in memory', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.nat(8), (blob, control, offset) => {
        const frame = encodeFrame(blob, control)
        const memory = new Uint8Array(offset + frame.length)
        memory.set(frame, offset)
        expect(parseFrame(memory.subarray(offset))).toEqual({ blob, control })
      }),
    )
  })

  it('gives views, not copies', () => {
    const frame = encodeFrame(new Uint8Array(3), '{}')
    const { blob, control } = parseFrame(frame)
    expect([blob.buffer, control.buffer]).toEqual([frame.buffer, frame.buffer])
    expect(blob.byteOffset).toBe(frame.byteOffset + 4)
  })

  it.each([
    [[], 'Unexpected payload size; expected ciphertext size'],
    [[1, 0, 0], 'Unexpected payload size; expected ciphertext size'],
    [[3, 0, 0, 0, 7, 7], 'Unexpected payload size 2, expected >= 3'],
    [[255, 255, 255, 255], 'Unexpected payload size 0, expected >= 4294967295'],
  ])('refuses %j with the specified text', (bytes, text) => {
    expect(() => parseFrame(Uint8Array.from(bytes))).toThrow(new FrameError(text))
  })

  it('throws nothing but its error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        try {
          const { blob, control } = parseFrame(bytes)
          expect(4 + blob.length + control.length).toBe(bytes.length)
        } catch (error) {
          if (!(error instanceof FrameError)) throw error
        }
      }),
    )
  })
})
