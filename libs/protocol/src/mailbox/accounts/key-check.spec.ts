import { describe, expect, it } from '@jest/globals'
import { type Crypto } from '#crypto'
import { rememberingKeyCheck, userAccountId } from '../index.ts'
import { account, hex, implementations, vectors } from '../vectors.suite.ts'

describe.each(implementations)('rememberingKeyCheck with %s crypto', (_name, crypto) => {
  function counting(): { crypto: Crypto; conversions: () => number } {
    let count = 0
    const toX25519PublicKey = (key: Uint8Array): Uint8Array => {
      count++
      return crypto.ed25519.toX25519PublicKey(key)
    }
    return { crypto: { ...crypto, ed25519: { ...crypto.ed25519, toX25519PublicKey } }, conversions: () => count }
  }
  const keys = [1, 2, 3].map((fill) => crypto.ed25519.publicKey(new Uint8Array(32).fill(fill)))

  it.each(vectors.ed25519_to_session_id)(
    'gives the verdict of a conversion, again and again: $session_id',
    (vector) => {
      const check = rememberingKeyCheck(crypto, 1)
      for (let i = 0; i < 2; i++) {
        expect(check(account(vector.session_id), hex(vector.ed25519_public))).toBe(true)
        expect(check(account(vectors.accounts.user.account_id), hex(vector.ed25519_public))).toBe(false)
      }
    },
  )

  it('refuses keys that do not convert', () => {
    const check = rememberingKeyCheck(crypto, 9)
    for (const { ed25519_public } of vectors.ed25519_to_session_id_negative) {
      expect(check(account(vectors.accounts.user.account_id), hex(ed25519_public))).toBe(false)
    }
  })

  it.each([
    [2, 5],
    [3, 3],
    [4, 3],
  ])('converts anew what was used longest ago: capacity %i', (capacity, expected) => {
    const counted = counting()
    const check = rememberingKeyCheck(counted.crypto, capacity)
    const [a, b, c] = keys
    for (const key of [a, b, a, c, a, b, c]) {
      if (key === undefined) throw new Error('no key')
      expect(check(userAccountId(crypto, key), key)).toBe(true)
    }
    expect(counted.conversions()).toBe(expected)
  })
})
