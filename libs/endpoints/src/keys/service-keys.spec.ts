import { describe, expect, it } from '@jest/globals'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { OldKeysError, parseOldKeys, serviceKeys } from './service-keys.ts'

const seed = new Uint8Array(32).fill(1)

describe('serviceKeys', () => {
  it('converts the Ed25519 key to the X25519 key that clients derive from it', () => {
    const keys = serviceKeys(nativeCrypto, seed, [])
    const converted = nativeCrypto.ed25519.toX25519PublicKey(keys.ed25519)
    expect(keys.x25519.map(({ publicKey }) => toHex(publicKey))).toEqual([toHex(converted)])
  })
})

describe('parseOldKeys', () => {
  it('reads seeds and raw private keys, newest first, and skips comments and empty lines', () => {
    const raw = nativeCrypto.x25519.generateKeyPair()
    const text = `# earlier keys\n\n${toHex(seed)}\n  x25519:${toHex(raw.privateKey).toUpperCase()}  \n`
    const expected = [serviceKeys(nativeCrypto, seed, []).x25519[0]?.publicKey, raw.publicKey]
    const read = parseOldKeys(nativeCrypto, text, 'OLD_KEYS')
    expect(read.map(({ publicKey }) => toHex(publicKey))).toEqual(expected.map((key) => key && toHex(key)))
  })

  it.each(['abc', '00'.repeat(31), 'x25519:', `ed25519:${'00'.repeat(32)}`])('names the line of %s only', (line) => {
    expect(() => parseOldKeys(nativeCrypto, `\n${line}`, 'OLD_KEYS')).toThrow(OldKeysError)
    expect(() => parseOldKeys(nativeCrypto, `\n${line}`, 'OLD_KEYS')).toThrow(
      /^Line 2 of [A-Z0-9_]+ must be 64 hex digits/,
    )
  })
})
