import { describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { systemEnvironment } from './environment.ts'
import { RequestAbortedError } from './errors.ts'

describe('systemEnvironment', () => {
  const { now, random, sleep } = systemEnvironment(nativeCrypto)

  it('takes the time from the clock of the system', () => {
    const before = Date.now()
    expect(now()).toBeGreaterThanOrEqual(before)
  })

  it('draws numbers between 0 and 1 out of random bytes', () => {
    const lowest = systemEnvironment({ ...nativeCrypto, randomBytes: (length) => new Uint8Array(length) })
    const highest = systemEnvironment({ ...nativeCrypto, randomBytes: (length) => new Uint8Array(length).fill(255) })
    expect(lowest.random()).toBe(0)
    expect(highest.random()).toBeLessThan(1)
    expect(new Set(Array.from({ length: 20 }, random)).size).toBeGreaterThan(1)
  })

  it('sleeps until the time is over or the caller aborts, whichever comes first', async () => {
    await expect(sleep(1)).resolves.toBeUndefined()
    const controller = new AbortController()
    const sleeping = sleep(60_000, controller.signal)
    controller.abort()
    await expect(sleeping).rejects.toBeInstanceOf(RequestAbortedError)
    await expect(sleep(60_000, controller.signal)).rejects.toBeInstanceOf(RequestAbortedError)
  })
})
