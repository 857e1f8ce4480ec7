import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import {
  BlobIncompleteError,
  BlobNotFoundError,
  type Blobs,
  BlobTooLargeError,
  type BlobWriter,
  StoreUnavailableError,
} from '../index.ts'
import { readAll } from './read-all.suite.ts'

export interface BlobsUnderTest {
  readonly blobs: Blobs
  /** A second client of the same store, as after a crash of the first. */
  readonly reopen: () => Promise<Blobs>
  readonly stop: () => Promise<void>
}

const MAX = 2_000_000
const NEVER = Number.MAX_SAFE_INTEGER

/** Bytes that differ at every place where pieces may meet. */
function sample(length: number, seed = 'sample'): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, index) =>
    createHash('sha512').update(`${seed}${index}`).digest(),
  )
  return Buffer.concat(blocks, length)
}

async function writeAll(writer: BlobWriter, bytes: Buffer, piece = 65_536): Promise<void> {
  for (let start = 0; start < bytes.length; start += piece) await writer.write(bytes.subarray(start, start + piece))
}

async function store(blobs: Blobs, bytes: Buffer, piece?: number): Promise<string> {
  const writer = await blobs.create({ maxSize: MAX })
  await writeAll(writer, bytes, piece)
  return writer.commit()
}

async function keys(blobs: Blobs): Promise<string[]> {
  const all: string[] = []
  for await (const { key } of blobs.list()) all.push(key)
  return all.sort()
}

/** What every adapter of the port `Blobs` keeps. `start` gives an empty store each time it is called. */
export function describeBlobs(name: string, start: () => Promise<BlobsUnderTest>): void {
  describe(name, () => {
    let subject: BlobsUnderTest
    let blobs: Blobs

    beforeEach(async () => {
      subject = await start()
      blobs = subject.blobs
    })
    afterEach(async () => {
      await blobs.close()
      await subject.stop()
    })

    describe('a committed blob', () => {
      it.each([0, 1, 262_143, 262_144, 262_145, 524_289, 1_300_001])(
        'of %i bytes is read as written',
        async (length) => {
          const bytes = sample(length)
          const key = await store(blobs, bytes)
          expect(await blobs.size(key)).toBe(length)
          expect((await readAll(await blobs.read(key))).equals(bytes)).toBe(true)
        },
      )

      it.each([1, 7, 5_000, 400_000])('may come in pieces of %i bytes', async (piece) => {
        const bytes = sample(Math.min(600_000, piece * 3_000))
        expect((await readAll(await blobs.read(await store(blobs, bytes, piece)))).equals(bytes)).toBe(true)
      })

      it('is found by a second client', async () => {
        const key = await store(blobs, sample(1_000))
        const other = await subject.reopen()
        expect((await readAll(await other.read(key))).equals(sample(1_000))).toBe(true)
        await other.close()
      })

      it('has a key that says nothing: equal bytes have different ones', async () => {
        const first = await store(blobs, sample(100))
        expect(await store(blobs, sample(100))).not.toBe(first)
      })

      it('may announce its size', async () => {
        const writer = await blobs.create({ maxSize: MAX, expectedSize: 300_000 })
        await writeAll(writer, sample(300_000))
        expect(await blobs.size(await writer.commit())).toBe(300_000)
      })

      it('does not mix with others written at the same time', async () => {
        const all = Array.from({ length: 8 }, (_, index) => sample(700_000, `blob ${index}`))
        const stored = await Promise.all(all.map((bytes) => store(blobs, bytes)))
        for (const [index, key] of stored.entries()) {
          expect((await readAll(await blobs.read(key))).equals(all[index] ?? Buffer.of())).toBe(true)
        }
      })
    })

    describe('a range', () => {
      const bytes = sample(1_200_000)
      it.each([
        [0, 0],
        [0, 1_199_999],
        [1_199_999, 1_199_999],
        [524_287, 524_288],
        [524_288, 1_048_575],
        [100, 1_100_000],
        [1_199_990, 5_000_000],
      ])('from %i to %i holds those bytes', async (from, to) => {
        const key = await store(blobs, bytes)
        const read = await readAll(await blobs.read(key, { start: from, end: to }))
        expect(read.equals(bytes.subarray(from, to + 1))).toBe(true)
      })
    })

    describe('the largest size', () => {
      it.each([999, 1_000])('takes %i bytes of 1000', async (length) => {
        const writer = await blobs.create({ maxSize: 1_000 })
        await writer.write(sample(length))
        expect(await blobs.size(await writer.commit())).toBe(length)
      })

      it('refuses byte 1001 and leaves nothing', async () => {
        const writer = await blobs.create({ maxSize: 1_000 })
        await writer.write(sample(1_000))
        await expect(writer.write(sample(1))).rejects.toThrow(BlobTooLargeError)
        await expect(writer.commit()).rejects.toThrow(BlobTooLargeError)
        await writer.abort()
        expect(await keys(blobs)).toEqual([])
      })
    })

    describe('an announced size', () => {
      it('refuses a commit one byte short, and leaves nothing', async () => {
        const writer = await blobs.create({ maxSize: MAX, expectedSize: 300_000 })
        await writeAll(writer, sample(299_999))
        await expect(writer.commit()).rejects.toThrow(BlobIncompleteError)
        await writer.abort()
        expect(await keys(blobs)).toEqual([])
        expect(await blobs.removeUnfinished(NEVER)).toBe(0)
      })

      it('refuses one byte more', async () => {
        const writer = await blobs.create({ maxSize: MAX, expectedSize: 300_000 })
        await writeAll(writer, sample(300_000))
        await expect(writer.write(sample(1))).rejects.toThrow(BlobTooLargeError)
        await writer.abort()
        expect(await keys(blobs)).toEqual([])
      })
    })

    describe('an unfinished blob', () => {
      it('is not seen before the commit', async () => {
        const writer = await blobs.create({ maxSize: MAX })
        await writeAll(writer, sample(600_000))
        expect(await keys(blobs)).toEqual([])
        const key = await writer.commit()
        expect(await keys(blobs)).toEqual([key])
      })

      it('leaves nothing after an abort, however often it is aborted', async () => {
        const writer = await blobs.create({ maxSize: MAX })
        await writeAll(writer, sample(600_000))
        await writer.abort()
        await writer.abort()
        await expect(writer.write(sample(1))).rejects.toThrow(StoreUnavailableError)
        await expect(writer.commit()).rejects.toThrow(StoreUnavailableError)
        const other = await subject.reopen()
        expect(await keys(other)).toEqual([])
        expect(await other.removeUnfinished(NEVER)).toBe(0)
        await other.close()
      })

      it('leaves nothing when it is aborted before its first byte', async () => {
        await (await blobs.create({ maxSize: MAX })).abort()
        expect(await keys(blobs)).toEqual([])
      })

      it('stays committed when it is aborted after the commit', async () => {
        const writer = await blobs.create({ maxSize: MAX })
        await writer.write(sample(10))
        const key = await writer.commit()
        await writer.abort()
        expect(await blobs.size(key)).toBe(10)
      })

      it('is removed when it is old, unless this process still writes it', async () => {
        const writer = await blobs.create({ maxSize: MAX })
        await writeAll(writer, sample(600_000))
        expect(await blobs.removeUnfinished(NEVER)).toBe(0)
        const key = await writer.commit()
        const lost = await blobs.create({ maxSize: MAX })
        await writeAll(lost, sample(600_000))
        const other = await subject.reopen()
        expect(await other.removeUnfinished(0)).toBe(0)
        await other.removeUnfinished(NEVER)
        expect(await other.removeUnfinished(NEVER)).toBe(0)
        expect(await keys(other)).toEqual([key])
        await lost.abort()
        await other.close()
      })
    })

    describe('a key of no blob', () => {
      it.each(['', 'f'.repeat(32), '../../etc/passwd', 'incoming', '00/..', 'ä'])('%j is not found', async (key) => {
        await expect(blobs.read(key)).rejects.toThrow(BlobNotFoundError)
        await expect(blobs.read(key, { start: 0, end: 0 })).rejects.toThrow(BlobNotFoundError)
        expect(await blobs.size(key)).toBeUndefined()
        await expect(blobs.delete(key)).resolves.toBeUndefined()
      })
    })

    it('forgets a deleted blob, and only that', async () => {
      const [gone, kept] = [await store(blobs, sample(10)), await store(blobs, sample(20))]
      await blobs.delete(gone)
      await blobs.delete(gone)
      await expect(blobs.read(gone)).rejects.toThrow(BlobNotFoundError)
      expect(await blobs.size(gone)).toBeUndefined()
      expect(await keys(blobs)).toEqual([kept])
    })

    it('lists every blob with the time of its commit', async () => {
      const stored = [await store(blobs, sample(1)), await store(blobs, sample(2)), await store(blobs, sample(3))]
      const listed: string[] = []
      for await (const { key, committedAt } of blobs.list()) {
        listed.push(key)
        // Milliseconds since the epoch, not seconds and not of another clock.
        expect(Math.abs(committedAt - Date.now())).toBeLessThan(600_000)
      }
      expect(listed.sort()).toEqual(stored.sort())
    })

    it('lets a reader stop early, or never begin', async () => {
      const key = await store(blobs, sample(1_300_000))
      let first: Uint8Array | undefined
      for await (const piece of await blobs.read(key)) {
        first = piece
        break
      }
      expect(first?.length).toBeGreaterThan(0)
      await blobs.read(key)
      expect((await readAll(await blobs.read(key))).length).toBe(1_300_000)
    })

    it('answers a check', async () => {
      await expect(blobs.check()).resolves.toBeUndefined()
    })
  })
}
