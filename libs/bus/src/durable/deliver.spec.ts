import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { json } from '../contract/codec.ts'
import { defineEvent } from '../contract/definition.ts'
import { RetryLaterError } from '../errors.ts'
import { deliver, retryDelay, type Verdict } from './deliver.ts'

const event = defineEvent({ subject: 'test.event', codec: json(z.object({ n: z.int() })) })

describe('deliver', () => {
  const good = '{"n":1}'
  let calls: number

  function run(attempt: number, handler: () => Promise<void>, payload = good): Promise<Verdict> {
    calls = 0
    const counted = (): Promise<void> => {
      calls += 1
      return handler()
    }
    const options = { durable: 'push', handler: counted, maxInFlight: 1, ackWaitMs: 1_000, maxDeliver: 3 }
    const delivery = { attempt, partition: undefined, inProgress: () => undefined }
    return deliver(event, options, new TextEncoder().encode(payload), delivery, { random: () => 0 })
  }
  const works = async (): Promise<void> => undefined
  const fails = (): Promise<void> => Promise.reject(new Error('no'))

  it('acknowledges what was handled, at the last delivery too', async () => {
    expect(await run(1, works)).toEqual({ kind: 'ack' })
    expect(await run(3, works)).toEqual({ kind: 'ack' })
  })

  it('wants a failed event again with backoff', async () => {
    expect(await run(1, fails)).toEqual({ kind: 'retry', delayMs: 250 })
    expect(await run(2, fails)).toEqual({ kind: 'retry', delayMs: 500 })
  })

  it('wants it again when the handler says', async () => {
    expect(await run(2, () => Promise.reject(new RetryLaterError(77)))).toEqual({ kind: 'retry', delayMs: 77 })
  })

  it('gives up after the last delivery', async () => {
    expect(await run(3, fails)).toEqual({ kind: 'dead' })
    expect(await run(3, () => Promise.reject(new RetryLaterError(77)))).toEqual({ kind: 'dead' })
  })

  it('gives up without handling an event whose process died in every delivery it may have', async () => {
    expect(await run(4, works)).toEqual({ kind: 'dead' })
    expect(calls).toBe(0)
  })

  it('gives up without handling an event that does not fit its contract', async () => {
    expect(await run(1, works, '{"n":"one"}')).toEqual({ kind: 'dead' })
    expect(calls).toBe(0)
  })
})

describe('retryDelay', () => {
  const delays = { firstMs: 100, maxMs: 1_000 }

  it('doubles up to its most', () => {
    const at = (attempt: number): number => retryDelay(attempt, delays, () => 1)
    expect([1, 2, 3, 4, 5, 2_000].map(at)).toEqual([100, 200, 400, 800, 1_000, 1_000])
  })

  it('leaves half of it to chance', () => {
    expect(retryDelay(1, delays, () => 0)).toBe(50)
    expect(retryDelay(1, delays, () => 0.5)).toBe(75)
  })
})
