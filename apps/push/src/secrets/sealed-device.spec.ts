import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nativeCrypto } from '#crypto/native/index'
import { UnreadableDeviceError } from '../errors.ts'
import { DeviceSealer } from './sealed-device.ts'

const sealer = new DeviceSealer(nativeCrypto, new Uint8Array(32).fill(1))
const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength })
const device = fc.record({
  token: fc.string({ unit: 'grapheme', maxLength: 999 }),
  serviceData: bytes(0, 81),
  encryptionKey: bytes(32, 32),
})

describe('DeviceSealer', () => {
  it('opens what it has sealed', () => {
    fc.assert(
      fc.property(device, (one) => {
        const opened = sealer.open(sealer.seal(one))
        expect(opened.token).toBe(one.token)
        expect(Buffer.from(opened.serviceData).equals(one.serviceData)).toBe(true)
        expect(Buffer.from(opened.encryptionKey).equals(one.encryptionKey)).toBe(true)
      }),
    )
  })

  it('shows neither token nor key, and never the same box twice', () => {
    const one = {
      token: 'a-device-token-of-a-person',
      serviceData: new Uint8Array(),
      encryptionKey: Buffer.alloc(32, 9),
    }
    const [first, second] = [Buffer.from(sealer.seal(one)), Buffer.from(sealer.seal(one))]
    expect(first.includes(one.token)).toBe(false)
    expect(first.includes(one.encryptionKey)).toBe(false)
    expect(first.equals(second)).toBe(false)
  })

  it('opens nothing that was sealed with another key, changed or cut', () => {
    fc.assert(
      fc.property(device, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, place, change) => {
        const sealed = sealer.seal(one)
        const other = new DeviceSealer(nativeCrypto, new Uint8Array(32).fill(2))
        expect(() => other.open(sealed)).toThrow(UnreadableDeviceError)
        expect(() => sealer.open(sealed.subarray(0, place % sealed.length))).toThrow(UnreadableDeviceError)
        sealed[place % sealed.length] = (sealed[place % sealed.length] ?? 0) ^ change
        expect(() => sealer.open(sealed)).toThrow(UnreadableDeviceError)
      }),
    )
  })
})
