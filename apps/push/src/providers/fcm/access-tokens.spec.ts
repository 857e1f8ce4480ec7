import { describe, expect, it } from '@jest/globals'
import { AccessTokens } from './access-tokens.ts'
import type { FreshToken } from './google-login.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** Tokens from logins that the test ends one by one. */
function start(): {
  tokens: AccessTokens
  clock: { now: number }
  logins: { succeed(lifetimeMs?: number): Promise<void>; fail(error: Error): Promise<void> }[]
} {
  const clock = { now: 1_000_000 }
  const logins: ReturnType<typeof start>['logins'] = []
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const login = (): Promise<FreshToken> => {
    const number = logins.length + 1
    return new Promise((resolve, reject) => {
      logins.push({
        succeed: (lifetimeMs = HOUR) => (resolve({ token: `token ${number}`, lifetimeMs }), settle()),
        fail: (error) => (reject(error), settle()),
      })
    })
  }
  return { tokens: new AccessTokens(login, () => clock.now), clock, logins }
}

describe('AccessTokens', () => {
  it('logs in once for all who wait', async () => {
    const { tokens, logins } = start()
    expect(tokens.current()).toBeUndefined()
    const waiting = Array.from({ length: 100 }, () => tokens.renewed())
    await logins[0]?.succeed()
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['token 1']))
    expect(tokens.current()).toBe('token 1')
    expect(logins).toHaveLength(1)
  })

  it('renews a token with less than twenty minutes left, and gives it out meanwhile', async () => {
    const { tokens, clock, logins } = start()
    void tokens.renewed()
    await logins[0]?.succeed()
    clock.now += HOUR - 20 * MINUTE
    expect(tokens.current()).toBe('token 1')
    expect(logins).toHaveLength(1)
    clock.now += 1
    expect([tokens.current(), tokens.current()]).toEqual(['token 1', 'token 1'])
    expect(logins).toHaveLength(2)
    await logins[1]?.succeed()
    expect(tokens.current()).toBe('token 2')
  })

  it('lives with a failed login while the token is good, and tries again after a pause', async () => {
    const { tokens, clock, logins } = start()
    void tokens.renewed()
    await logins[0]?.succeed()
    clock.now += HOUR - 10 * MINUTE
    expect(tokens.current()).toBe('token 1')
    await logins[1]?.fail(new Error('away'))
    expect(tokens.current()).toBe('token 1')
    clock.now += 4_999
    expect(tokens.current()).toBe('token 1')
    expect(logins).toHaveLength(2)
    clock.now += 1
    expect(tokens.current()).toBe('token 1')
    expect(logins).toHaveLength(3)
  })

  it('gives out no token that is over', async () => {
    const { tokens, clock, logins } = start()
    void tokens.renewed()
    await logins[0]?.succeed()
    clock.now += HOUR
    expect(tokens.current()).toBeUndefined()
  })

  it('tells the error of a failed login to all who wait and to those who come within the pause', async () => {
    const { tokens, clock, logins } = start()
    const error = new Error('away')
    const waiting = [tokens.renewed(), tokens.renewed()].map((promise) => expect(promise).rejects.toBe(error))
    await logins[0]?.fail(error)
    await Promise.all(waiting)
    await expect(tokens.renewed()).rejects.toBe(error)
    expect(logins).toHaveLength(1)
    clock.now += 5_000
    const later = tokens.renewed()
    await logins[1]?.succeed()
    await expect(later).resolves.toBe('token 2')
  })

  it('forgets a refused token, but not the one that has taken its place', async () => {
    const { tokens, logins } = start()
    void tokens.renewed()
    await logins[0]?.succeed()
    tokens.refuse('token 1')
    expect(tokens.current()).toBeUndefined()
    void tokens.renewed()
    await logins[1]?.succeed()
    tokens.refuse('token 1')
    expect(tokens.current()).toBe('token 2')
  })
})
