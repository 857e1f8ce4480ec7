import { describe, expect, it } from '@jest/globals'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { portableCrypto } from '#crypto/portable/index'
import { pushSecrets } from './push-secrets.ts'

const secret = new Uint8Array(32).fill(7)
const account = new Uint8Array(33).fill(5)

describe('pushSecrets', () => {
  it('gives the same digests for the same secret and others for another', () => {
    const digests = (seed: Uint8Array): string[] => {
      const secrets = pushSecrets(nativeCrypto, seed)
      const made = [secrets.accountDigest(account), secrets.deviceDigest('apns', 'token'), secrets.sealingKey]
      return [...made, secrets.duplicateDigest(new Uint8Array(32))].map(toHex)
    }
    expect(digests(secret)).toEqual(digests(Uint8Array.from(secret)))
    const others = digests(new Uint8Array(32).fill(8))
    for (const [index, digest] of digests(secret).entries()) expect(others[index]).not.toBe(digest)
  })

  it('keeps services and tokens apart, wherever one ends and the other begins', () => {
    const { deviceDigest } = pushSecrets(nativeCrypto, secret)
    const pairs = [
      ['apns', '-sandbox1'],
      ['apns-sandbox', '1'],
      ['apns-', 'sandbox1'],
    ] as const
    expect(new Set(pairs.map(([service, token]) => toHex(deviceDigest(service, token)))).size).toBe(pairs.length)
  })

  it('does not depend on the implementation', () => {
    const [native, portable] = [nativeCrypto, portableCrypto].map((crypto) => pushSecrets(crypto, secret))
    expect(toHex(portable?.accountDigest(account) ?? account)).toBe(toHex(native?.accountDigest(account) ?? secret))
  })
})
