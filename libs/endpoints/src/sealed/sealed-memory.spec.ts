import { describe, expect, it } from '@jest/globals'
import { ByteBudget } from '#runtime'
import { SealedBusyError } from '../errors.ts'
import { sealedMemory } from './sealed-memory.ts'

describe('sealedMemory', () => {
  it('waits for memory that is given back', async () => {
    const memory = sealedMemory(new ByteBudget(100), 10_000)
    const release = await memory.reserve(80)
    const waiting = memory.reserve(80)
    release()
    await expect(waiting).resolves.toBeInstanceOf(Function)
  })

  it('says that it is busy when none is given back in time, or never can be', async () => {
    const memory = sealedMemory(new ByteBudget(100), 10)
    await memory.reserve(80)
    await expect(memory.reserve(80)).rejects.toThrow(SealedBusyError)
    await expect(memory.reserve(101)).rejects.toThrow(SealedBusyError)
  })
})
