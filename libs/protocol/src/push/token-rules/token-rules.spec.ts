import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { concat } from '#crypto'
import { shortToBase64Url } from '../../files/base64.ts'
import { PushRequestError, type TokenRule, tokenRules, webPushSubscription, webPushTokenRule } from '../index.ts'
import { vectors } from '../vectors.suite.ts'

const NOTHING = new Uint8Array(0)

function complaint(rule: TokenRule, serviceInfo: unknown): string | undefined {
  try {
    rule(serviceInfo)
    return undefined
  } catch (error) {
    if (!(error instanceof PushRequestError)) throw error
    expect(error.errorCode).toBe(1)
    return error.text
  }
}

describe('tokenRules', () => {
  it('take the tokens that providers give', () => {
    const { apns, firebase, huawei } = vectors.tokens
    expect(tokenRules.apns({ token: apns, more: 1 })).toEqual({ token: apns, serviceData: NOTHING })
    expect(tokenRules['apns-sandbox']({ token: apns.toUpperCase() }).token).toBe(apns.toUpperCase())
    expect(tokenRules.firebase({ token: firebase }).token).toBe(firebase)
    expect(tokenRules.huawei({ token: huawei }).token).toBe(huawei)
    expect(tokenRules.log({ token: 'x' }).token).toBe('x')
  })

  it.each([null, 'token', 5, [], {}, { token: null }, { token: 5 }, { Token: 'x' }])('find no token in %j', (info) => {
    for (const rule of [tokenRules.apns, tokenRules.firebase, tokenRules.huawei, tokenRules.log]) {
      expect(complaint(rule, info)).toBe('Unparseable JSON notification request data')
    }
  })

  it('say what is wrong with a token', () => {
    const wrong = (length: number): string => `Invalid APNs device token (expected 64 hex, got ${length}B)`
    expect(complaint(tokenRules.apns, { token: '' })).toBe(wrong(0))
    expect(complaint(tokenRules.apns, { token: 'g'.repeat(64) })).toBe(wrong(64))
    expect(complaint(tokenRules.apns, { token: `${vectors.tokens.apns}\n` })).toBe(wrong(65))
    expect(complaint(tokenRules['apns-sandbox'], { token: 'é' })).toBe(wrong(2))
    expect(complaint(tokenRules.firebase, { token: '' })).toBe('Firebase device token cannot be empty')
    expect(complaint(tokenRules.huawei, { token: '' })).toBe('Invalid huawei device token')
    expect(complaint(tokenRules.log, { token: '' })).toBe('Log device token cannot be empty')
  })
})

describe('webPushTokenRule', () => {
  const point = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : 250 - i))
  const secret = Uint8Array.from({ length: 16 }, (_, i) => i)
  const endpoint = 'https://updates.push.example/wpush/v2/gAAAAABk'
  const good = webPushSubscription(endpoint, point, secret)
  const { keys } = good

  it('gives the endpoint as token and the keys as service data', () => {
    const { token, serviceData } = tokenRules.webpush({ ...good, expirationTime: null })
    expect(token).toBe(endpoint)
    expect(serviceData).toEqual(concat(point, secret))
  })

  it('takes keys with padding', () => {
    const padded = { p256dh: `${keys.p256dh}=`, auth: `${keys.auth}==` }
    expect(tokenRules.webpush({ endpoint, keys: padded })).toEqual(tokenRules.webpush(good))
  })

  it('gives one token for all ways to write an endpoint', () => {
    const ways = [' https://PUSH.example:443/a/../upAbc?up=1#part', 'https://push.example/up\nAbc?up=1']
    const tokens = ways.map((way) => tokenRules.webpush({ endpoint: way, keys }).token)
    expect(tokens).toEqual(['https://push.example/upAbc?up=1', 'https://push.example/upAbc?up=1'])
  })

  it('takes http only where that is allowed', () => {
    const local = 'http://127.0.0.1:8080/receive/0123456789'
    expect(complaint(tokenRules.webpush, { endpoint: local, keys })).toMatch(/https/)
    const allowing = webPushTokenRule({ allowsHttp: true })
    expect(allowing({ endpoint: local, keys }).token).toBe(local)
    expect(allowing(good).token).toBe(endpoint)
    expect(complaint(allowing, { endpoint: 'ftp://push.example/0123456789', keys })).toMatch(/https/)
  })

  it.each([
    ['no object', null],
    ['no keys', { endpoint }],
    ['keys that are a list', { endpoint, keys: [] }],
    ['no endpoint', { keys }],
    ['an endpoint that is no URL', { endpoint: 'push.example', keys }],
    ['credentials', { endpoint: 'https://user:secret@push.example/', keys }],
    ['a name without password', { endpoint: 'https://user@push.example/', keys }],
    ['a very long endpoint', { endpoint: `https://push.example/${'x'.repeat(979)}`, keys }],
    ['an endpoint that is too long once written out', { endpoint: `https://push.example/${'é'.repeat(200)}`, keys }],
    ['no p256dh', { endpoint, keys: { auth: keys.auth } }],
    ['a short p256dh', { endpoint, keys: { ...keys, p256dh: shortToBase64Url(point.subarray(1)) } }],
    ['a compressed point', { endpoint, keys: { ...keys, p256dh: shortToBase64Url(point.map((b) => b ^ 6)) } }],
    ['standard base64', { endpoint, keys: { ...keys, p256dh: keys.p256dh.replaceAll('-', '+').replaceAll('_', '/') } }],
    ['a long auth', { endpoint, keys: { ...keys, auth: shortToBase64Url(point) } }],
    ['a huge auth', { endpoint, keys: { ...keys, auth: 'A'.repeat(90_000) } }],
    ['an auth that is a number', { endpoint, keys: { ...keys, auth: 16 } }],
  ])('refuses %s', (_name, info) => {
    expect(complaint(tokenRules.webpush, info)).toMatch(/^Invalid Web Push/)
  })

  it('takes an endpoint of 999 bytes', () => {
    const longest = `https://push.example/${'x'.repeat(978)}`
    expect(tokenRules.webpush({ endpoint: longest, keys }).token).toHaveLength(999)
  })

  it('throws nothing but its error', () => {
    const text = fc.oneof(fc.string(), fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.base64String())
    const info = fc.record({
      endpoint: text,
      keys: fc.record({ p256dh: fc.constantFrom(keys.p256dh, 'A'), auth: text }),
    })
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), info), (serviceInfo) => {
        complaint(tokenRules.webpush, serviceInfo)
        complaint(tokenRules.apns, serviceInfo)
      }),
    )
  })
})
