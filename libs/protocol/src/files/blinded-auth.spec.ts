import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { parseBlindedAuth, verifyBlindedAuth } from './blinded-auth.ts'
import { blindedKeyPair, signBlindedRequest } from './blinded-key.ts'
import { BlindedAuthError } from './errors.ts'
import { hex, implementations, vectors } from './vectors.suite.ts'

const { account_seed, blinded_seed, blinded_ed25519, blinded_id, cases } = vectors.blinded_auth
const now = vectors.now * 1000

function refusal(run: () => unknown): BlindedAuthError {
  try {
    run()
  } catch (error) {
    if (error instanceof BlindedAuthError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe.each(implementations)('blinded request headers with %s crypto', (_name, crypto) => {
  const pair = blindedKeyPair(crypto, hex(account_seed))

  it('derives the blinded pair of an account', () => {
    expect(toHex(pair.seed)).toBe(blinded_seed)
    expect(toHex(pair.publicKey)).toBe(blinded_ed25519)
    expect(pair.id).toBe(blinded_id)
  })

  it.each(cases)('$name', ({ method, path, query, headers, expect: expected }) => {
    const target = query === '' ? path : `${path}?${query}`
    const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    for (const form of [headers, lowerCase]) {
      const verify = (): unknown => verifyBlindedAuth(crypto, { method, target, headers: form, now })
      if (expected.auth === 'anonymous') expect(verify()).toEqual({ kind: 'anonymous' })
      else if (expected.auth === 'accepted') expect(verify()).toEqual({ kind: 'accepted', id: blinded_id })
      else expect(refusal(verify)).toMatchObject({ status: expected.status, text: expected.body })
    }
  })

  it('signs as the vectors are signed', () => {
    const target = '/session_version?platform=android'
    const headers = signBlindedRequest(crypto, pair, { method: 'GET', target, now: now - 30_000 })
    expect(headers).toEqual(cases[0]?.headers)
  })

  it('accepts a signature over the raw body and over its hash, and refuses another body', () => {
    const body = new TextEncoder().encode('{"days":7}')
    const request = { method: 'POST', target: '/token_info' }
    const raw = { ...request, headers: signBlindedRequest(crypto, pair, { ...request, body, now }), now }
    const hashed = crypto.blake2b(body, { length: 64 })
    const overHash = { ...request, headers: signBlindedRequest(crypto, pair, { ...request, body: hashed, now }), now }
    expect(verifyBlindedAuth(crypto, { ...raw, body })).toEqual({ kind: 'accepted', id: blinded_id })
    expect(verifyBlindedAuth(crypto, { ...overHash, body })).toEqual({ kind: 'accepted', id: blinded_id })
    const other = Uint8Array.of(1)
    expect(refusal(() => verifyBlindedAuth(crypto, { ...raw, body: other })).status).toBe(401)
  })
})

describe('verifyBlindedAuth', () => {
  it('throws nothing but BlindedAuthError for any headers', () => {
    const field = fc.option(fc.oneof(fc.string(), fc.base64String(), fc.constant(blinded_id)), { nil: undefined })
    fc.assert(
      fc.property(field, field, field, (pubkey, timestamp, signature) => {
        const headers = { 'x-fs-pubkey': pubkey, 'x-fs-timestamp': timestamp, 'x-fs-signature': signature }
        try {
          const result = verifyBlindedAuth(nativeCrypto, { method: 'GET', target: '/', headers, now })
          expect(result).toEqual({ kind: 'anonymous' })
        } catch (error) {
          expect(error).toBeInstanceOf(BlindedAuthError)
        }
      }),
    )
  })

  it('keeps the values of refused headers out of its message', () => {
    const headers = { 'x-fs-pubkey': 'my-secret', 'x-fs-timestamp': '1', 'x-fs-signature': 'AAAA' }
    expect(
      refusal(() => verifyBlindedAuth(nativeCrypto, { method: 'GET', target: '/', headers, now })).message,
    ).not.toContain('my-secret')
  })
})

describe('parseBlindedAuth', () => {
  it('gives the three values as sent', () => {
    const headers = { 'X-FS-Pubkey': 'a', 'x-fs-timestamp': 'b', 'X-Fs-Signature': 'c' }
    expect(parseBlindedAuth(headers)).toEqual({ pubkey: 'a', timestamp: 'b', signature: 'c' })
  })
})
