import { describe, expect, it } from '@jest/globals'
import { CryptoArgumentError, toHex, utf8 } from '#crypto'
import { implementations } from '../onion/vectors.suite.ts'
import { deriveNodeKeys } from './index.ts'

const secret = new Uint8Array(32).fill(3)

describe.each(implementations)('deriveNodeKeys with %s crypto', (_, crypto) => {
  it('derives the same keys from the same secret, other keys for every index and secret', () => {
    const keys = (from: Uint8Array, index: number) => toHex(deriveNodeKeys(crypto, from, index).ed25519Public)
    expect(keys(secret, 0)).toBe(keys(secret, 0))
    const others = [keys(secret, 0), keys(secret, 1), keys(secret, 2 ** 32 - 1), keys(new Uint8Array(32), 0)]
    expect(new Set(others).size).toBe(4)
  })

  it('derives the seed as documented', () => {
    const personalization = utf8('sotto node seed1')
    const seed = crypto.blake2b(Uint8Array.of(0, 0, 1, 2), { length: 32, key: secret, personalization })
    expect(deriveNodeKeys(crypto, secret, 258).ed25519Seed).toEqual(seed)
  })

  it('gives an X25519 pair that is the conversion of the Ed25519 pair', () => {
    const { ed25519Seed, ed25519Public, x25519 } = deriveNodeKeys(crypto, secret, 5)
    expect(ed25519Public).toEqual(crypto.ed25519.publicKey(ed25519Seed))
    expect(x25519.publicKey).toEqual(crypto.ed25519.toX25519PublicKey(ed25519Public))
    expect(x25519.privateKey).toEqual(crypto.ed25519.toX25519PrivateKey(ed25519Seed))
  })

  it('gives the keys that every release must give, or a deployment would change its identity', () => {
    expect(toHex(deriveNodeKeys(crypto, secret, 0).ed25519Public)).toBe(
      '0a5333240ac605cf0c7aaa233ff17e9c6d06ef840847ef90e07295a30af58370',
    )
  })

  it('refuses other arguments', () => {
    expect(() => deriveNodeKeys(crypto, new Uint8Array(31), 0)).toThrow(CryptoArgumentError)
    expect(() => deriveNodeKeys(crypto, secret, -1)).toThrow(CryptoArgumentError)
    expect(() => deriveNodeKeys(crypto, secret, 2 ** 32)).toThrow(CryptoArgumentError)
  })
})
