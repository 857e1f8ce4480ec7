import { describe, expect, it } from '@jest/globals'
import { ConcurrencyLimit } from './concurrency-limit.ts'

describe('ConcurrencyLimit', () => {
  it('lets in as many as it may and tells the next one so at once', () => {
    const limit = new ConcurrencyLimit(2)
    const leave = limit.tryEnter()
    expect(limit.tryEnter()).toBeDefined()
    expect(limit.tryEnter()).toBeUndefined()
    leave?.()
    expect(limit.running).toBe(1)
    expect(limit.tryEnter()).toBeDefined()
  })

  it('gives a place back once, however often it is left', () => {
    const limit = new ConcurrencyLimit(2)
    const leave = limit.tryEnter()
    limit.tryEnter()
    leave?.()
    leave?.()
    expect(limit.running).toBe(1)
  })

  it('lets nobody in when there is no place', () => {
    expect(new ConcurrencyLimit(0).tryEnter()).toBeUndefined()
  })
})
