import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { FileRecords, NewFile } from '../index.ts'
import { behavesLikeTheModel } from './file-records-property.suite.ts'
import { listAllBlobs } from './list-all-blobs.suite.ts'

const NOON = 1_750_000_000_000
const DAY = 86_400_000
const ID = 'q'.repeat(43) + 'A'

function inlineFile(changes: Partial<NewFile> = {}): NewFile {
  const bytes = Uint8Array.of(0, 255, 10, 13, 128)
  const body = { kind: 'inline', bytes } as const
  return { id: ID, size: bytes.length, uploadedAt: NOON, expiresAt: NOON + DAY, format: 1, body, ...changes }
}

function blobFile(key: string, changes: Partial<NewFile> = {}): NewFile {
  return inlineFile({ size: 10_000_000, body: { kind: 'blob', key }, ...changes })
}

const renew = { ifExists: 'renew' } as const
const refuse = { ifExists: 'refuse' } as const

/** What every adapter of the port `FileRecords` keeps. `start` gives an empty store each time it is called. */
export function describeFileRecords(name: string, start: () => Promise<FileRecords>): void {
  describe(name, () => {
    let records: FileRecords

    beforeEach(async () => {
      records = await start()
    })
    afterEach(async () => {
      await records.close()
    })

    describe('put', () => {
      it('creates a record whose inline bytes are read back', async () => {
        const put = await records.put(inlineFile(), renew)
        const record = { ...inlineFile(), body: undefined, location: { kind: 'inline' } }
        expect(put).toEqual({ record, outcome: 'created' })
        const read = await records.read(ID, NOON)
        expect(read?.record).toEqual(record)
        expect(read?.inline && [...read.inline]).toEqual([0, 255, 10, 13, 128])
      })

      it('creates a record that points to a blob', async () => {
        const put = await records.put(blobFile('k1'), renew)
        expect(put.record.location).toEqual({ kind: 'blob', key: 'k1' })
        expect(await records.read(ID, NOON)).toEqual({ record: put.record })
      })

      it('keeps 64 KiB of inline bytes and numbers up to 2^53 - 1 exactly', async () => {
        const bytes = Uint8Array.from({ length: 65_536 }, (_, index) => index % 251)
        const expiresAt = Number.MAX_SAFE_INTEGER
        await records.put(inlineFile({ id: '9007199254740991', body: { kind: 'inline', bytes }, expiresAt }), renew)
        const read = await records.read('9007199254740991', NOON)
        expect(read?.record.expiresAt).toBe(expiresAt)
        expect(Buffer.compare(read?.inline ?? new Uint8Array(), bytes)).toBe(0)
      })

      it('renews a live record, which keeps its body and takes the later expiry', async () => {
        await records.put(blobFile('k1'), renew)
        const later = blobFile('k2', { uploadedAt: NOON + 5, expiresAt: NOON + 2 * DAY })
        const first = await records.put(later, renew)
        expect(first.outcome).toBe('renewed')
        expect(first.replacedBlob).toBeUndefined()
        expect(first.record).toMatchObject({ uploadedAt: NOON + 5, expiresAt: NOON + 2 * DAY, location: { key: 'k1' } })
        const earlier = await records.put(blobFile('k3', { uploadedAt: NOON + 6, expiresAt: NOON + 7 }), renew)
        expect(earlier.record).toMatchObject({ uploadedAt: NOON + 6, expiresAt: NOON + 2 * DAY })
        expect(await records.get(ID, NOON + DAY)).toEqual(earlier.record)
      })

      it('changes nothing when the id is taken and is to be refused', async () => {
        const { record } = await records.put(inlineFile(), refuse)
        const second = await records.put(blobFile('k2', { expiresAt: NOON + 9 * DAY }), refuse)
        expect(second).toEqual({ record, outcome: 'taken' })
        expect(await records.get(ID, NOON)).toEqual(record)
        expect(await records.findUnreferenced(['k2'])).toEqual(['k2'])
      })

      it.each([renew, refuse])('answers `created` again to a put whose first answer was lost (%j)', async (options) => {
        const first = await records.put(blobFile('k1'), options)
        const again = await records.put(blobFile('k1', { uploadedAt: NOON + 5, expiresAt: NOON + 9 * DAY }), options)
        expect(again).toEqual(first)
        expect(await records.get(ID, NOON)).toEqual(first.record)
      })

      it.each([renew, refuse])('replaces an expired record and names its blob (%j)', async (options) => {
        await records.put(blobFile('k1'), renew)
        const put = await records.put(inlineFile({ uploadedAt: NOON + DAY, expiresAt: NOON + 2 * DAY }), options)
        expect(put).toMatchObject({ outcome: 'created', replacedBlob: 'k1', record: { location: { kind: 'inline' } } })
        expect(await records.findUnreferenced(['k1'])).toEqual(['k1'])
        expect((await records.read(ID, NOON + DAY))?.inline).toBeDefined()
      })

      it('drops the inline bytes of an expired record that a blob replaces', async () => {
        await records.put(inlineFile(), renew)
        const put = await records.put(blobFile('k1', { uploadedAt: NOON + DAY, expiresAt: NOON + 2 * DAY }), renew)
        expect(put.replacedBlob).toBeUndefined()
        expect(await records.read(ID, NOON + DAY)).toEqual({ record: put.record })
      })

      it('lets exactly one of many concurrent puts create a record', async () => {
        const puts = Array.from({ length: 20 }, (_, index) => records.put(blobFile(`k${index}`), renew))
        const outcomes = await Promise.all(puts)
        expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
        expect(outcomes.filter(({ outcome }) => outcome === 'renewed')).toHaveLength(19)
        const keys = new Set(outcomes.map(({ record }) => JSON.stringify(record.location)))
        expect(keys.size).toBe(1)
      })
    })

    describe('expiry', () => {
      it('shows a record until the millisecond before its expiry', async () => {
        await records.put(inlineFile(), renew)
        expect(await records.get(ID, NOON + DAY - 1)).toBeDefined()
        expect(await records.read(ID, NOON + DAY - 1)).toBeDefined()
        expect(await records.get(ID, NOON + DAY)).toBeUndefined()
        expect(await records.read(ID, NOON + DAY)).toBeUndefined()
      })

      it('extends a live record to the later expiry and no expired one', async () => {
        await records.put(inlineFile(), renew)
        expect((await records.extend(ID, NOON + 1, NOON))?.expiresAt).toBe(NOON + DAY)
        expect((await records.extend(ID, NOON + 3 * DAY, NOON))?.expiresAt).toBe(NOON + 3 * DAY)
        expect(await records.get(ID, NOON + 2 * DAY)).toMatchObject({ uploadedAt: NOON, expiresAt: NOON + 3 * DAY })
        expect(await records.extend(ID, NOON + 9 * DAY, NOON + 3 * DAY)).toBeUndefined()
        expect(await records.extend('1', NOON + 9 * DAY, NOON)).toBeUndefined()
      })

      it('removes expired records in pages and leaves the live ones', async () => {
        for (let index = 0; index < 5; index++) {
          await records.put(blobFile(`k${index}`, { id: String(index), expiresAt: NOON + index }), renew)
        }
        await records.put(inlineFile({ expiresAt: NOON + 1 }), renew)
        const pages = [await records.removeExpired(NOON + 3, 3), await records.removeExpired(NOON + 3, 3)]
        expect(pages.map(({ removed }) => removed)).toEqual([3, 2])
        expect(pages.flatMap(({ blobs }) => blobs).sort()).toEqual(['k0', 'k1', 'k2', 'k3'])
        expect(await records.removeExpired(NOON + 3, 3)).toEqual({ removed: 0, blobs: [] })
        expect(await records.get('4', NOON + 3)).toBeDefined()
        expect(await records.get('3', 0)).toBeUndefined()
      })

      it('does not remove a record that was extended past the sweep', async () => {
        await records.put(inlineFile(), renew)
        await records.extend(ID, NOON + 2 * DAY, NOON)
        expect(await records.removeExpired(NOON + DAY, 10)).toEqual({ removed: 0, blobs: [] })
        expect(await records.removeExpired(NOON + 2 * DAY, 10)).toEqual({ removed: 1, blobs: [] })
      })
    })

    describe('blobs', () => {
      it('says which keys no record points to, in the order asked', async () => {
        await records.put(blobFile('k1', { id: '1' }), renew)
        await records.put(inlineFile({ id: '2' }), renew)
        expect(await records.findUnreferenced(['z', 'k1', 'a'])).toEqual(['z', 'a'])
        expect(await records.findUnreferenced([])).toEqual([])
      })

      it('answers for a thousand keys at once', async () => {
        await records.put(blobFile('k500'), renew)
        const keys = Array.from({ length: 1_000 }, (_, index) => `k${index}`)
        expect(await records.findUnreferenced(keys)).toHaveLength(999)
      })

      it.each([1, 2, 3, 100])('lists every record with a blob once, %i a page', async (limit) => {
        const expected: string[] = []
        for (let index = 0; index < 6; index++) {
          await records.put(blobFile(`k${index}`, { id: String(index) }), renew)
          await records.put(inlineFile({ id: String(index + 100) }), renew)
          expected.push(`${index} k${index}`)
        }
        const listed = await listAllBlobs(records, limit)
        expect(listed.map(({ id, key }) => `${id} ${key}`).sort()).toEqual(expected)
      })

      it('removes a record only while it points to the lost blob', async () => {
        await records.put(blobFile('k1'), renew)
        expect(await records.removeLost(ID, 'k2')).toBe(false)
        expect(await records.removeLost('1', 'k1')).toBe(false)
        expect(await records.get(ID, NOON)).toBeDefined()
        expect(await records.removeLost(ID, 'k1')).toBe(true)
        expect(await records.get(ID, NOON)).toBeUndefined()
        expect(await records.removeLost(ID, 'k1')).toBe(false)
        expect(await records.findUnreferenced(['k1'])).toEqual(['k1'])
      })
    })

    it('answers a check', async () => {
      await expect(records.check()).resolves.toBeUndefined()
    })

    behavesLikeTheModel(start)
  })
}
