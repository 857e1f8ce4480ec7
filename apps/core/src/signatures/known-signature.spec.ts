import { describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { buildRetrieve, buildUnsignedStore, retrieveSignedBytes, userSigner } from '#protocol'
import { withKnownSignature } from './known-signature.ts'
import type { Signatures } from './signatures.ts'

const signer = userSigner(nativeCrypto, new Uint8Array(32).fill(1))
const request = buildRetrieve(signer, { namespace: 0 }, 1_700_000_000_000)
const bytes = retrieveSignedBytes(0, 1_700_000_000_000)
const { signature, pubkeyEd25519 = new Uint8Array(32) } = request.signed?.authentication ?? {
  signature: new Uint8Array(64),
}

/** Says the same of every signature. */
const saying = (isValid: boolean): Signatures => ({
  sign: async (_hash, signers) => signers,
  verify: async () => isValid,
  close: async () => {},
})

describe('withKnownSignature', () => {
  it.each([true, false])('takes the verdict %s on the signature of the request', async (isValid) => {
    const { ed25519 } = await withKnownSignature(nativeCrypto, saying(isValid), request)
    expect(ed25519.verify(signature, bytes, pubkeyEd25519)).toBe(isValid)
  })

  it('computes the verdict on everything else', async () => {
    const { ed25519 } = await withKnownSignature(nativeCrypto, saying(true), request)
    expect(ed25519.verify(signature, Uint8Array.of(1), pubkeyEd25519)).toBe(false)
    expect(ed25519.verify(signature, bytes, new Uint8Array(32).fill(9))).toBe(false)
    expect(ed25519.verify(new Uint8Array(64), bytes, pubkeyEd25519)).toBe(false)
    const other = await withKnownSignature(nativeCrypto, saying(false), request)
    expect(other.ed25519.verify(Uint8Array.from(signature), bytes, pubkeyEd25519)).toBe(true)
  })

  it('changes nothing where no signature is needed', async () => {
    const message = { namespace: 0, timestamp: 1_700_000_000_000, ttl: 60_000, data: new Uint8Array(1) }
    const store = buildUnsignedStore(signer.account, message)
    expect(await withKnownSignature(nativeCrypto, saying(false), store)).toBe(nativeCrypto)
  })
})
