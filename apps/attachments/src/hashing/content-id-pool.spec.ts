import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nativeCrypto } from '#crypto/native/index'
import { contentId } from '#protocol'
import { ContentIdPool } from './content-id-pool.ts'

const pool = new ContentIdPool({ crypto: nativeCrypto, workers: 2, loopBytes: 1000 })
afterAll(() => pool.close())

async function hash(pieces: readonly Uint8Array[], length: number | undefined): Promise<string> {
  const hasher = pool.create(length)
  for (const piece of pieces) await hasher.update(piece)
  return hasher.digest()
}

describe('ContentIdPool', () => {
  it('gives the same id however the bytes are cut and wherever they are hashed', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const pieces = lengths.map((length) => nativeCrypto.randomBytes(length))
        const whole = Buffer.concat(pieces)
        const expected = contentId(nativeCrypto, whole)
        expect(await hash(pieces, whole.length)).toBe(expected)
        expect(await hash(pieces, undefined)).toBe(expected)
      }),
      { numRuns: 20 },
    )
  })

  it('keeps many bodies at once apart, given up ones among them', async () => {
    const ids = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const bytes = new Uint8Array(300_000).fill(index)
        const hasher = pool.create(undefined)
        await hasher.update(bytes)
        if (index % 4 === 0) {
          hasher.discard()
          return true
        }
        await hasher.update(bytes)
        return (await hasher.digest()) === contentId(nativeCrypto, Buffer.concat([bytes, bytes]))
      }),
    )
    expect(ids).not.toContain(false)
  })

  it('fails the bodies of a worker that ends and serves the next ones', async () => {
    const broken = new ContentIdPool({ crypto: nativeCrypto, workers: 1, loopBytes: 0 })
    const hasher = broken.create(undefined)
    await hasher.update(new Uint8Array(400_000))
    await broken.close()
    await expect(hasher.digest()).rejects.toMatchObject({ code: 'HASH_WORKER_FAILED' })
    const next = broken.create(undefined)
    await next.update(Buffer.from('x'))
    expect(await next.digest()).toBe(contentId(nativeCrypto, Buffer.from('x')))
    await broken.close()
  })
})
