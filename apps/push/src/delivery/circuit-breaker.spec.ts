import { describe, expect, it } from '@jest/globals'
import { CircuitBreaker, type BreakerState } from './circuit-breaker.ts'

function breaker({ random = 0.5 } = {}): {
  breaker: CircuitBreaker
  states: BreakerState[]
  pass: (ms: number) => void
} {
  let now = 0
  const states: BreakerState[] = []
  const made = new CircuitBreaker({
    threshold: 3,
    firstMs: 1_000,
    maxMs: 30_000,
    monotonic: () => now,
    random: () => random,
    changed: (state) => states.push(state),
  })
  const pass = (ms: number): void => {
    now += ms
    made.refresh()
  }
  return { breaker: made, states, pass }
}

function open(made: CircuitBreaker, afterMs?: number): void {
  for (let i = 0; i < 3; i++) made.failed(made.enter(), afterMs)
}

describe('CircuitBreaker', () => {
  it('opens with the failure that makes the row long enough, and that one does not count', () => {
    const { breaker: made, states } = breaker()
    expect([1, 2, 3].map(() => made.failed(made.enter(), undefined))).toEqual([true, true, false])
    expect(states).toEqual(['open'])
    expect(made.isPassable).toBe(false)
  })

  it('starts the row anew with each success', () => {
    const { breaker: made, states } = breaker()
    for (let i = 0; i < 10; i++) {
      made.failed(made.enter(), undefined)
      made.failed(made.enter(), undefined)
      made.succeeded(made.enter())
    }
    expect(states).toEqual([])
  })

  it('does not let failures of single notifications open it or break a row', () => {
    const { breaker: made, states } = breaker()
    for (let i = 0; i < 10; i++) made.undecided(made.enter())
    expect(states).toEqual([])
    made.failed(made.enter(), undefined)
    made.failed(made.enter(), undefined)
    made.undecided(made.enter())
    made.failed(made.enter(), undefined)
    expect(states).toEqual(['open'])
  })

  it.each([
    [0, 750],
    [0.5, 1_000],
    [0.999999, 1_250],
  ])('with chance %d stays open for %i ms', (random, expected) => {
    const { breaker: made, pass } = breaker({ random })
    open(made)
    expect(Math.round(made.opensForMs)).toBe(expected)
    pass(expected - 1)
    expect(made.state).toBe('open')
    pass(1)
    expect(made.state).toBe('half-open')
  })

  it('opens for twice as long with each probe that fails, up to the longest', () => {
    const { breaker: made, pass } = breaker()
    open(made)
    const times: number[] = []
    for (let i = 0; i < 7; i++) {
      times.push(made.opensForMs)
      pass(made.opensForMs)
      expect(made.failed(made.enter(), undefined)).toBe(false)
    }
    expect(times).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  it('begins with the shortest time again after a success', () => {
    const { breaker: made, states, pass } = breaker()
    open(made)
    pass(1_000)
    made.failed(made.enter(), undefined)
    pass(2_000)
    made.succeeded(made.enter())
    open(made)
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed', 'open'])
    expect(made.opensForMs).toBe(1_000)
  })

  it.each([
    [999, 1_000],
    [1_001, 1_001],
    [3_600_001, 3_600_000],
  ])('stays open for as long as the provider asks: %i ms gives %i ms', (afterMs, expected) => {
    const { breaker: made } = breaker()
    open(made, afterMs)
    expect(made.opensForMs).toBe(expected)
  })

  it('lets one probe through at a time, and another when the first decides nothing', () => {
    const { breaker: made, pass } = breaker()
    open(made)
    pass(1_000)
    expect(made.isPassable).toBe(true)
    const probe = made.enter()
    expect(made.isPassable).toBe(false)
    made.undecided(probe)
    expect([made.state, made.isPassable]).toEqual(['half-open', true])
  })

  it('learns nothing from requests that began in an earlier period, but for what the provider asks', () => {
    const { breaker: made, states, pass } = breaker()
    const before = made.enter()
    open(made)
    made.succeeded(before)
    expect(made.failed(before, 5_000)).toBe(false)
    expect(made.opensForMs).toBe(5_000)
    pass(5_000)
    made.succeeded(before)
    made.undecided(before)
    expect(made.failed(before, 5_000)).toBe(false)
    expect(states).toEqual(['open', 'half-open'])
    made.succeeded(made.enter())
    for (let i = 0; i < 10; i++) expect(made.failed(before, undefined)).toBe(false)
    expect(states).toEqual(['open', 'half-open', 'closed'])
  })
})
