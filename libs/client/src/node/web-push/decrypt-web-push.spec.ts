import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import webPush from 'web-push'
import { fromUtf8 } from '#crypto'
import { decryptWebPush } from './decrypt-web-push.ts'
import { createWebPushKeys } from './web-push-keys.ts'

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'))

/** RFC 8291 §5 and appendix A. */
const EXAMPLE = {
  privateKey: bytes('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'),
  publicKey: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
  body: bytes(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz' +
      'AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  ),
  plaintext: 'When I grow up, I want to be a watermelon',
}

const unreadable = expect.objectContaining({ code: 'CLIENT_WEB_PUSH_UNREADABLE' })
const base64url = (part: Uint8Array): string => Buffer.from(part).toString('base64url')

function sealed(text: string, keys: { publicKey: Uint8Array; auth: Uint8Array }): Uint8Array {
  return webPush.encrypt(base64url(keys.publicKey), base64url(keys.auth), Buffer.from(text), 'aes128gcm').cipherText
}

function withByte(body: Uint8Array, at: number, value: number): Uint8Array {
  return Uint8Array.from(body).fill(value, at, at + 1)
}

describe('createWebPushKeys', () => {
  it('makes the public key of the private key', () => {
    const parts = [EXAMPLE.privateKey, EXAMPLE.auth]
    const keys = createWebPushKeys((length) => parts.find((part) => part.length === length) ?? new Uint8Array())
    expect(base64url(keys.publicKey)).toBe(EXAMPLE.publicKey)
    expect(keys.auth).toEqual(EXAMPLE.auth)
  })
})

describe('decryptWebPush', () => {
  it('opens the example of RFC 8291', () => {
    expect(fromUtf8(decryptWebPush(EXAMPLE))).toBe(EXAMPLE.plaintext)
  })

  it('opens whatever web-push encrypts', () => {
    const keys = createWebPushKeys(randomBytes)
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 1_000 }), (text) => {
        expect(Buffer.from(decryptWebPush({ ...keys, body: sealed(text, keys) })).toString()).toBe(
          Buffer.from(text).toString(),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('keeps zeros at the end of a message', () => {
    const keys = createWebPushKeys(randomBytes)
    expect(Buffer.from(decryptWebPush({ ...keys, body: sealed('ab\0\0', keys) })).toString()).toBe('ab\0\0')
  })

  it('opens a body that lies within a larger buffer', () => {
    const buffer = Buffer.concat([Buffer.alloc(7, 1), EXAMPLE.body, Buffer.alloc(7, 1)])
    expect(fromUtf8(decryptWebPush({ ...EXAMPLE, body: buffer.subarray(7, -7) }))).toBe(EXAMPLE.plaintext)
  })

  it('opens a message that fills its record, and no longer one', () => {
    const content = EXAMPLE.body.length - 86
    for (const [recordSize, opens] of [
      [content - 1, false],
      [content, true],
      [content + 1, true],
    ] as const) {
      // The record size is not authenticated: only the length tells.
      const body = withByte(withByte(EXAMPLE.body, 18, 0), 19, recordSize)
      const open = (): string | undefined => fromUtf8(decryptWebPush({ ...EXAMPLE, body }))
      if (opens) expect(open()).toBe(EXAMPLE.plaintext)
      else expect(open).toThrow(unreadable)
    }
  })

  it('refuses every changed byte and every missing one', () => {
    for (let at = 0; at < EXAMPLE.body.length; at++) {
      if (at < 16 || at > 19) {
        const changed = withByte(EXAMPLE.body, at, (EXAMPLE.body[at] ?? 0) ^ 1)
        expect(() => decryptWebPush({ ...EXAMPLE, body: changed })).toThrow(unreadable)
      }
      expect(() => decryptWebPush({ ...EXAMPLE, body: EXAMPLE.body.subarray(0, at) })).toThrow(unreadable)
    }
  })

  it('refuses the keys of another subscription', () => {
    const other = createWebPushKeys(randomBytes)
    expect(() => decryptWebPush({ ...EXAMPLE, privateKey: other.privateKey })).toThrow(unreadable)
    expect(() => decryptWebPush({ ...EXAMPLE, auth: other.auth })).toThrow(unreadable)
  })

  it('refuses any bytes without breaking', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        expect(() => decryptWebPush({ ...EXAMPLE, body })).toThrow(unreadable)
      }),
    )
  })
})
