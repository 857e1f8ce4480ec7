import { describe, expect, it } from '@jest/globals'
import { DeadlineExceededError, RequestAbortedError, TransportError } from '../errors.ts'
import { fakeEnvironment } from '../node/fakes/environment.suite.ts'
import { type Outcome, retry } from './retry.ts'

const policy = { tries: 4, pauseMs: 100, longestPauseMs: 250 }
const failure = new TransportError('no')

describe('retry', () => {
  it('gives the value of the first try that has one', async () => {
    const environment = fakeEnvironment()
    const outcomes: Outcome<string>[] = [
      { kind: 'retry', error: failure },
      { kind: 'done', value: 'yes' },
    ]
    const attempt = (): Promise<Outcome<string>> =>
      Promise.resolve(outcomes.shift() ?? { kind: 'abort', error: failure })
    await expect(retry(environment, policy, { deadlineAt: Infinity }, attempt)).resolves.toBe('yes')
    expect(environment.pauses).toHaveLength(1)
  })

  it('throws the last error after all tries, with pauses below a bound that doubles up to its limit', async () => {
    const environment = { ...fakeEnvironment(), random: () => 0.5 }
    const seen: number[] = []
    const limits = { deadlineAt: Infinity, onRetry: ({ pauseMs }: { pauseMs: number }) => seen.push(pauseMs) }
    const trying = retry(environment, policy, limits, () => Promise.resolve({ kind: 'retry', error: failure }))
    await expect(trying).rejects.toBe(failure)
    expect(seen).toEqual([50, 100, 125])
    expect(environment.pauses).toEqual(seen)
  })

  it('stops at an error that no try can cure', async () => {
    let tries = 0
    const attempt = (): Promise<Outcome<never>> => {
      tries++
      return Promise.resolve({ kind: 'abort', error: failure })
    }
    await expect(retry(fakeEnvironment(), policy, { deadlineAt: Infinity }, attempt)).rejects.toBe(failure)
    expect(tries).toBe(1)
  })

  it('begins nothing after the deadline and keeps the last error as cause', async () => {
    const environment = fakeEnvironment()
    const attempt = (): Promise<Outcome<never>> => {
      environment.advance(1_000)
      return Promise.resolve({ kind: 'retry', error: failure })
    }
    const trying = retry(environment, policy, { deadlineAt: environment.now() + 1_000 }, attempt)
    await expect(trying).rejects.toBeInstanceOf(DeadlineExceededError)
    await expect(trying).rejects.toHaveProperty('cause', failure)
  })

  it('begins nothing once the caller has aborted', async () => {
    const limits = { deadlineAt: Infinity, signal: AbortSignal.abort('enough') }
    const trying = retry(fakeEnvironment(), policy, limits, () => Promise.reject(new Error('must not be called')))
    await expect(trying).rejects.toBeInstanceOf(RequestAbortedError)
  })
})
