import { describe, expect, it } from '@jest/globals'
import { ByteBudget } from '#runtime'
import { MemoryBlobs } from '../testing/memory-blobs.suite.ts'
import { boundedBlobs } from './bounded-blobs.ts'

describe('boundedBlobs', () => {
  it('holds an upload back until another one is committed or given up', async () => {
    const budget = new ByteBudget(100)
    const blobs = boundedBlobs(new MemoryBlobs(() => 0), budget)
    const first = await blobs.create({ maxSize: 80 })
    const second = blobs.create({ maxSize: 1000, expectedSize: 60 })
    expect(budget.waiting).toBe(1)
    await first.commit()
    expect(budget.used).toBe(60)
    await (await second).abort()
    expect(budget.used).toBe(0)
  })

  it('says that the store is unavailable when an upload can never fit', async () => {
    const blobs = boundedBlobs(new MemoryBlobs(() => 0), new ByteBudget(100))
    await expect(blobs.create({ maxSize: 101 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  it('gives the memory back when the store refuses', async () => {
    const budget = new ByteBudget(100)
    const memory = new MemoryBlobs(() => 0)
    memory.create = () => Promise.reject(new Error('away'))
    await expect(boundedBlobs(memory, budget).create({ maxSize: 10 })).rejects.toThrow('away')
    expect(budget.used).toBe(0)
  })
})
