import crypto, { createECDH, randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import webPush from 'web-push'
import { createWebPushKeys, decryptWebPush } from '#client/node/web-push/index'
import { encryptForEndpoint, ENCRYPTION_OVERHEAD, MAX_BODY_LENGTH } from './encrypt.ts'

const keys = createWebPushKeys(randomBytes)
const serviceData = Buffer.concat([keys.publicKey, keys.auth])
const open = (body: Uint8Array): unknown => JSON.parse(Buffer.from(decryptWebPush({ ...keys, body })).toString())

afterEach(() => {
  jest.restoreAllMocks()
})

describe('encryptForEndpoint', () => {
  it('encrypts what clients look for to the keys of the subscription', () => {
    expect(open(encryptForEndpoint('AAAA', serviceData))).toEqual({ enc_payload: 'AAAA', spns: '2' })
  })

  it('finds the keys in a part of a larger buffer', () => {
    const larger = Buffer.concat([Buffer.alloc(5, 4), serviceData, Buffer.alloc(5, 4)])
    expect(open(encryptForEndpoint('AAAA', larger.subarray(5, -5)))).toMatchObject({ enc_payload: 'AAAA' })
  })

  it('carries the longest payload', () => {
    const payload = 'a'.repeat(3808)
    const body = encryptForEndpoint(payload, serviceData)
    expect(body).toHaveLength(3940)
    expect(open(body)).toEqual({ enc_payload: payload, spns: '2' })
  })

  it('fills 4,096 bytes and no more', () => {
    const longest = MAX_BODY_LENGTH - ENCRYPTION_OVERHEAD - '{"enc_payload":"","spns":"2"}'.length
    expect(encryptForEndpoint('a'.repeat(longest - 1), serviceData)).toHaveLength(4095)
    expect(encryptForEndpoint('a'.repeat(longest), serviceData)).toHaveLength(4096)
    expect(() => encryptForEndpoint('a'.repeat(longest + 1), serviceData)).toThrow(
      expect.objectContaining({ code: 'PUSH_MESSAGE_TOO_LONG' }),
    )
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte less', serviceData.subarray(1)],
    ['one byte more', Buffer.concat([serviceData, Buffer.alloc(1)])],
    ['a point that is not on the curve', Buffer.concat([Buffer.alloc(65, 4), keys.auth])],
    ['a compressed point', Buffer.concat([Buffer.of(2), serviceData.subarray(1)])],
  ])('refuses keys with %s', (_name, wrong) => {
    expect(() => encryptForEndpoint('AAAA', wrong)).toThrow(expect.objectContaining({ code: 'PUSH_ENDPOINT_UNUSABLE' }))
  })
})

describe('web-push', () => {
  it('encrypts the example of RFC 8291 as it stands there', () => {
    const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')
    const sender = createECDH('prime256v1')
    sender.setPrivateKey(bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'))
    sender.generateKeys = (() => sender.getPublicKey()) as typeof sender.generateKeys
    jest.spyOn(crypto, 'createECDH').mockReturnValue(sender)
    jest.spyOn(crypto, 'randomBytes').mockImplementation(() => bytes('DGv6ra1nlYgDCS1FRnbzlw'))
    const { cipherText } = webPush.encrypt(
      'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      'BTBZMqHH6r4Tts7J_aSIgg',
      'When I grow up, I want to be a watermelon',
      'aes128gcm',
    )
    expect(cipherText.toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz' +
        'AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    )
  })
})
