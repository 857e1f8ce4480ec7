import { beforeEach, describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { MemoryBody } from '#endpoints'
import type { FilesContext } from '../files/context.ts'
import { storeFile } from '../files/store-file.ts'
import { ContentIdPool } from '../hashing/content-id-pool.ts'
import { MemoryBlobs } from '../testing/memory-blobs.suite.ts'
import { MemoryRecords } from '../testing/memory-records.suite.ts'
import { RecordingEvents, VECTOR_RULES } from '../testing/service.suite.ts'
import { Sweeper } from './sweeper.ts'

const HOUR = 3_600_000
const RULES = { intervalMs: 15_000, orphanIntervalMs: HOUR, orphanGraceMs: HOUR }

let time: number
let records: MemoryRecords
let blobs: MemoryBlobs
let events: RecordingEvents
let context: FilesContext
let sweeper: Sweeper

beforeEach(() => {
  time = 1_750_000_000_000
  const now = (): number => time
  records = new MemoryRecords()
  blobs = new MemoryBlobs(now)
  events = new RecordingEvents()
  const hashing = new ContentIdPool({ crypto: nativeCrypto, workers: 1, loopBytes: 1_000_000 })
  context = { rules: VECTOR_RULES, records, blobs, crypto: nativeCrypto, hashing, now, events }
  sweeper = new Sweeper(context, RULES)
})

async function store(size: number, ttl: number): Promise<string> {
  return (await storeFile(context, new MemoryBody(nativeCrypto.randomBytes(size)), ttl)).id
}

describe('Sweeper', () => {
  it('removes a file at the instant of its expiry, with its blob, and no other', async () => {
    await store(100, 1000)
    await store(100_000, 1000)
    const kept = await store(100_000, 1001)
    time += 999
    await sweeper.sweep()
    expect(records.rows.size).toBe(3)
    time += 1
    await sweeper.sweep()
    expect([...records.rows.keys()]).toEqual([kept])
    expect(blobs.committed.size).toBe(1)
    expect(events.log).toContain('expired 2')
  })

  it('removes more files than fit on one page', async () => {
    for (let i = 0; i < 1100; i++) await store(10, 1)
    time += 1
    await sweeper.sweep()
    expect(records.rows.size).toBe(0)
  })

  it('removes a blob without a record once it is older than an upload can be', async () => {
    await store(100_000, 100 * HOUR)
    const writer = await blobs.create({ maxSize: 10 })
    await writer.commit()
    time += HOUR
    await sweeper.sweep()
    expect(blobs.committed.size).toBe(2)
    time += HOUR
    await sweeper.sweep()
    expect(blobs.committed.size).toBe(1)
    expect(events.log).toContain('orphan-blob 1')
  })

  it('removes a record whose blob is lost', async () => {
    await store(100_000, 100 * HOUR)
    const inline = await store(100, 100 * HOUR)
    blobs.committed.clear()
    time += HOUR
    await sweeper.sweep()
    expect([...records.rows.keys()]).toEqual([inline])
    expect(events.log).toContain('lost-blob 1')
  })

  it('goes on at the next sweep after one that failed', async () => {
    await store(100, 1)
    time += 1
    const removeExpired = records.removeExpired.bind(records)
    records.removeExpired = () => Promise.reject(new Error('away'))
    await expect(sweeper.sweep()).rejects.toThrow('away')
    records.removeExpired = removeExpired
    await sweeper.sweep()
    expect(records.rows.size).toBe(0)
  })
})
