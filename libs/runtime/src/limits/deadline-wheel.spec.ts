import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { type Deadline, DeadlineWheel } from './deadline-wheel.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

describe('DeadlineWheel', () => {
  it.each([1, 999, 1000, 1001, 5000])('calls once, %i ms or at most two ticks more from the start', (after) => {
    const wheel = new DeadlineWheel(1000)
    const expire = jest.fn()
    wheel.start(60_000, () => {})
    jest.advanceTimersByTime(300)
    wheel.start(after, expire)
    jest.advanceTimersByTime(after - 1)
    expect(expire).not.toHaveBeenCalled()
    jest.advanceTimersByTime(2001)
    expect(expire).toHaveBeenCalledTimes(1)
    jest.advanceTimersByTime(20_000)
    expect(expire).toHaveBeenCalledTimes(1)
  })

  it('starts the time anew with each renewal', () => {
    const wheel = new DeadlineWheel(1000)
    const expire = jest.fn()
    const deadline = wheel.start(3000, expire)
    for (let i = 0; i < 20; i++) {
      jest.advanceTimersByTime(2999)
      deadline.renew()
    }
    jest.advanceTimersByTime(2999)
    expect(expire).not.toHaveBeenCalled()
    jest.advanceTimersByTime(2001)
    expect(expire).toHaveBeenCalledTimes(1)
  })

  it('never calls what was cancelled, also after a renewal', () => {
    const wheel = new DeadlineWheel(1000)
    const expire = jest.fn()
    const deadline = wheel.start(2000, expire)
    jest.advanceTimersByTime(1500)
    deadline.renew()
    deadline.cancel()
    deadline.renew()
    jest.advanceTimersByTime(20_000)
    expect(expire).not.toHaveBeenCalled()
  })

  it('keeps its timer only while there is a deadline', () => {
    const wheel = new DeadlineWheel(1000)
    expect(jest.getTimerCount()).toBe(0)
    const first = wheel.start(2000, () => {})
    wheel.start(2000, () => {})
    expect(jest.getTimerCount()).toBe(1)
    first.cancel()
    first.cancel()
    expect(jest.getTimerCount()).toBe(1)
    jest.advanceTimersByTime(3000)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('does not count a deadline twice that is renewed and cancelled after its end', () => {
    const wheel = new DeadlineWheel(1000)
    const expire = jest.fn()
    const ended = [wheel.start(1000, () => {}), wheel.start(1000, () => {})]
    wheel.start(4000, expire)
    ended[0]?.cancel()
    jest.advanceTimersByTime(2000)
    for (const deadline of ended) {
      deadline.renew()
      deadline.cancel()
    }
    expect(jest.getTimerCount()).toBe(1)
    jest.advanceTimersByTime(4000)
    expect(expire).toHaveBeenCalledTimes(1)
  })

  it('lets one deadline cancel or renew another that is due in the same tick', () => {
    const wheel = new DeadlineWheel(1000)
    const cancelled = jest.fn()
    const renewed = jest.fn()
    const later = jest.fn()
    const others: Deadline[] = []
    wheel.start(1000, () => {
      others[0]?.cancel()
      others[0]?.renew()
      others[1]?.renew()
      wheel.start(1000, later)
    })
    others.push(wheel.start(1000, cancelled), wheel.start(1000, renewed))
    jest.advanceTimersByTime(2999)
    expect([cancelled, renewed, later].map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0])
    jest.advanceTimersByTime(2000)
    expect([cancelled, renewed, later].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 1])
    expect(jest.getTimerCount()).toBe(0)
  })

  it('starts again after it stood still', () => {
    const wheel = new DeadlineWheel(1000)
    wheel.start(1000, () => {}).cancel()
    jest.advanceTimersByTime(60_000)
    const expire = jest.fn()
    wheel.start(1000, expire)
    jest.advanceTimersByTime(2000)
    expect(expire).toHaveBeenCalledTimes(1)
  })

  it('calls every deadline exactly once, never early and at most two ticks late, whatever is started, renewed and cancelled', () => {
    const action = fc.record({
      kind: fc.constantFrom('start', 'renew', 'cancel', 'wait'),
      amount: fc.integer({ min: 1, max: 5000 }),
      index: fc.nat(20),
    })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 50 }), (actions) => {
        const wheel = new DeadlineWheel(1000)
        const all: { deadline: Deadline; after: number; from: number; cancelled: boolean; calls: number[] }[] = []
        for (const { kind, amount, index } of actions) {
          const chosen = all[index % Math.max(1, all.length)]
          if (kind === 'wait') jest.advanceTimersByTime(amount)
          else if (kind === 'start') {
            const calls: number[] = []
            const deadline = wheel.start(amount, () => calls.push(Date.now()))
            all.push({ deadline, after: amount, from: Date.now(), cancelled: false, calls })
          } else if (chosen && kind === 'renew') {
            chosen.deadline.renew()
            if (chosen.calls.length === 0 && !chosen.cancelled) chosen.from = Date.now()
          } else if (chosen) {
            chosen.deadline.cancel()
            if (chosen.calls.length === 0) chosen.cancelled = true
          }
        }
        jest.advanceTimersByTime(10_000)
        for (const { after, from, cancelled, calls } of all) {
          expect(calls).toHaveLength(cancelled ? 0 : 1)
          if (cancelled) continue
          expect(calls[0]).toBeGreaterThanOrEqual(from + after)
          expect(calls[0]).toBeLessThanOrEqual(from + after + 2000)
        }
        expect(jest.getTimerCount()).toBe(0)
      }),
    )
  })
})
