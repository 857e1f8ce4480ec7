import { describe, expect, it } from '@jest/globals'
import { decodeJwt, importJWK, jwtVerify } from 'jose'
import { VapidHeaders } from './vapid-headers.ts'

const PAIR = {
  privateKey: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  publicKey: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
}
const SUBJECT = 'mailto:operator@example.org'
const HOUR_MS = 3_600_000
const NOW = 1_750_000_000_000

const headers = (): VapidHeaders => new VapidHeaders({ ...PAIR, subject: SUBJECT })
const tokenOf = (header: string): string => /^vapid t=([^,]+), k=(.+)$/.exec(header)?.[1] ?? ''

describe('VapidHeaders', () => {
  it('signs who asks whom and until when, with the key that it names', async () => {
    const header = headers().headerFor('https://push.example', NOW)
    const point = Buffer.from(PAIR.publicKey, 'base64url')
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'))
    const key = await importJWK({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, 'ES256')
    const { payload } = await jwtVerify(tokenOf(header), key, { currentDate: new Date(NOW) })
    expect(payload).toEqual({ aud: 'https://push.example', exp: NOW / 1000 + 12 * 3600, sub: SUBJECT })
    expect(header.endsWith(`, k=${PAIR.publicKey}`)).toBe(true)
  })

  it('uses a header again for eleven hours', () => {
    const vapid = headers()
    const first = vapid.headerFor('https://push.example', NOW)
    expect(vapid.headerFor('https://push.example', NOW + 11 * HOUR_MS - 1)).toBe(first)
    const second = vapid.headerFor('https://push.example', NOW + 11 * HOUR_MS)
    expect(decodeJwt(tokenOf(second)).exp).toBe(NOW / 1000 + 23 * 3600)
  })

  it('keeps the origins apart', () => {
    const vapid = headers()
    for (const origin of ['https://a.example', 'https://a.example:8443', 'http://a.example']) {
      expect(decodeJwt(tokenOf(vapid.headerFor(origin, NOW))).aud).toBe(origin)
    }
  })

  it('keeps the headers of the 1,024 origins used last', () => {
    const vapid = headers()
    const used = (index: number): string => vapid.headerFor(`https://${index}.example`, NOW)
    const first = Array.from({ length: 1024 }, (_, index) => used(index))
    expect(used(0)).toBe(first[0])
    used(1024)
    // ES256 draws a number for each signature, so a header signed again differs.
    expect([used(0) === first[0], used(2) === first[2], used(1) === first[1]]).toEqual([true, true, false])
  })
})
