import { afterEach, describe, expect, it } from '@jest/globals'
import { type Ed25519Signer, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { LoopSignatures } from './loop-signatures.ts'
import type { Signatures } from './signatures.ts'
import { ThreadSignatures } from './thread-signatures.ts'

const seeds = [1, 2, 3, 4].map((n) => new Uint8Array(32).fill(n))
const signers = seeds.map((seed) => nativeCrypto.ed25519.createSigner(seed))
const errors: unknown[] = []
let signer: Signatures | undefined

const start = (): Signatures => {
  signer = new ThreadSignatures({ crypto: nativeCrypto, seeds, signers, failed: (error) => void errors.push(error) })
  return signer
}

/** The signatures that were made, and those that the nodes themselves make. */
function compared(hash: string, made: readonly Ed25519Signer[], own: readonly Ed25519Signer[]): unknown[][] {
  const bytes = utf8(hash)
  const text = (one: Ed25519Signer): string[] =>
    [one.publicKey, one.sign(bytes)].map((part) => Buffer.from(part).toString('hex'))
  return [made.map(text), own.map(text)]
}

/** Whether valid signatures are found among others that were asked for at the same time. */
async function verifiesOnlyWhatIsSigned(signatures: Signatures): Promise<boolean> {
  const cases = Array.from({ length: 90 }, (_, i) => {
    const own = signers[i % 4] as Ed25519Signer
    const message = new Uint8Array(i).fill(i)
    const signature = own.sign(message)
    if (i % 3 === 1) signature[i % 64] = (signature[i % 64] ?? 0) ^ 1
    const publicKey = i % 3 === 2 ? (signers[(i + 1) % 4] as Ed25519Signer).publicKey : own.publicKey
    return { signature, message, publicKey, isValid: i % 3 === 0 }
  })
  const verdicts = await Promise.all(
    cases.map(({ signature, message, publicKey }) => signatures.verify(signature, message, publicKey)),
  )
  return cases.every(({ isValid }, i) => verdicts[i] === isValid)
}

describe('ThreadSignatures', () => {
  afterEach(async () => {
    await signer?.close()
    errors.length = 0
  })

  it('makes the signatures that the nodes make, for many messages at once', async () => {
    const thread = start()
    const cases = Array.from({ length: 200 }, (_, i) => {
      return { hash: `hash ${i}`, own: signers.slice(i % 3, (i % 3) + 1 + (i % 2)) }
    })
    const made = await Promise.all(cases.map(({ hash, own }) => thread.sign(hash, own)))
    for (const [i, { hash, own }] of cases.entries()) {
      const [actual, expected] = compared(hash, made[i] ?? [], own)
      expect(actual).toEqual(expected)
    }
  })

  it('verifies signatures, many at once', async () => {
    expect(await verifiesOnlyWhatIsSigned(start())).toBe(true)
  })

  it('verifies also after it has ended', async () => {
    const thread = start()
    const waiting = verifiesOnlyWhatIsSigned(thread)
    await thread.close()
    expect(await waiting).toBe(true)
    expect(await verifiesOnlyWhatIsSigned(thread)).toBe(true)
  })

  it('answers turns of the event loop in their order', async () => {
    const thread = start()
    const first = thread.sign('first', signers)
    await new Promise((resolve) => setImmediate(resolve))
    const second = thread.sign('second', signers.slice(1))
    for (const [hash, made, own] of [
      ['first', await first, signers],
      ['second', await second, signers.slice(1)],
    ] as const) {
      const [actual, expected] = compared(hash, made, own)
      expect(actual).toEqual(expected)
    }
  })

  it('answers what it was asked before it ends, and leaves the rest to the event loop', async () => {
    const thread = start()
    const waiting = thread.sign('a', signers)
    await thread.close()
    const [actual, expected] = compared('a', await waiting, signers)
    expect(actual).toEqual(expected)
    expect(await thread.sign('b', signers)).toBe(signers)
    expect(errors).toEqual([])
  })

  it('tells that the thread broke down', async () => {
    const broken = [new Uint8Array(31)]
    signer = new ThreadSignatures({
      crypto: nativeCrypto,
      seeds: broken,
      signers,
      failed: (error) => void errors.push(error),
    })
    expect(await signer.sign('a', signers)).toBe(signers)
    expect(errors).toHaveLength(1)
  })
})

describe('LoopSignatures', () => {
  it('gives the signers themselves and verifies', async () => {
    const loop = new LoopSignatures(nativeCrypto)
    expect(await loop.sign('a', signers)).toBe(signers)
    expect(await verifiesOnlyWhatIsSigned(loop)).toBe(true)
    await loop.close()
  })
})
