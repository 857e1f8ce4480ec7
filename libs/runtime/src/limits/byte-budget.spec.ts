import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BudgetExhaustedError, ByteBudget, type Reservation } from './byte-budget.ts'

describe('ByteBudget', () => {
  it('grants up to the limit at once and not one byte more', () => {
    for (const [bytes, fits] of [
      [9, true],
      [10, true],
      [11, false],
    ] as const) {
      expect(new ByteBudget(10).tryReserve(bytes) !== undefined).toBe(fits)
    }
  })

  it('takes back a reservation once, however often it is released', async () => {
    const budget = new ByteBudget(10)
    const first = await budget.reserve(4)
    await budget.reserve(5)
    first.release()
    first.release()
    expect(budget.used).toBe(5)
  })

  it('serves waiters in order, so that small ones do not pass a large one', async () => {
    const budget = new ByteBudget(10)
    const held = await budget.reserve(6)
    const order: string[] = []
    const large = budget.reserve(8).then((reservation) => (order.push('large'), reservation))
    const small = budget.reserve(1).then((reservation) => (order.push('small'), reservation))
    expect(budget.tryReserve(1)).toBeUndefined()
    expect(budget.waiting).toBe(2)
    held.release()
    await Promise.all([large, small])
    expect(order).toEqual(['large', 'small'])
    expect([budget.used, budget.waiting]).toEqual([9, 0])
  })

  it('refuses at once what can never fit, and whoever comes when too many wait', async () => {
    const budget = new ByteBudget(10, 1)
    await expect(budget.reserve(11)).rejects.toThrow(BudgetExhaustedError)
    const held = await budget.reserve(10)
    const waiting = budget.reserve(1)
    await expect(budget.reserve(1)).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED' })
    held.release()
    await waiting
    expect(budget.used).toBe(1)
  })

  it('lets a waiter go when its signal aborts, and serves those behind it', async () => {
    const budget = new ByteBudget(10)
    await budget.reserve(6)
    const controller = new AbortController()
    const large = budget.reserve(8, controller.signal)
    const small = budget.reserve(2)
    controller.abort()
    await expect(large).rejects.toThrow(BudgetExhaustedError)
    await small
    expect([budget.used, budget.waiting]).toEqual([8, 0])
  })

  it('does not wait for a signal that has aborted already', async () => {
    const budget = new ByteBudget(1)
    await budget.reserve(1)
    await expect(budget.reserve(1, AbortSignal.abort())).rejects.toThrow(BudgetExhaustedError)
    expect(budget.waiting).toBe(0)
  })

  it('is not touched by a signal that aborts after the grant', async () => {
    const budget = new ByteBudget(1)
    const held = await budget.reserve(1)
    const controller = new AbortController()
    const waiting = budget.reserve(1, controller.signal)
    held.release()
    controller.abort()
    const granted = await waiting
    expect(budget.used).toBe(1)
    granted.release()
    expect(budget.used).toBe(0)
  })

  it('refuses numbers that are no number of bytes', async () => {
    const budget = new ByteBudget(10)
    for (const bytes of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => budget.tryReserve(bytes)).toThrow(RangeError)
      await expect(budget.reserve(bytes)).rejects.toThrow(RangeError)
    }
    expect([budget.used, budget.waiting]).toEqual([0, 0])
  })

  it('never holds more than the limit and ends with nothing held', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('reserve' as const), bytes: fc.integer({ min: 0, max: 12 }) }),
      fc.record({ kind: fc.constantFrom('release' as const, 'abort' as const), index: fc.nat(20) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const budget = new ByteBudget(10, 5)
        const held: Reservation[] = []
        const controllers: AbortController[] = []
        const pending: Promise<void>[] = []
        for (const action of steps) {
          if (action.kind === 'reserve') {
            const controller = new AbortController()
            controllers.push(controller)
            pending.push(
              budget.reserve(action.bytes, controller.signal).then(
                (reservation) => void held.push(reservation),
                (error: unknown) => expect(error).toBeInstanceOf(BudgetExhaustedError),
              ),
            )
          } else if (action.kind === 'release') held[action.index % Math.max(1, held.length)]?.release()
          else controllers[action.index % Math.max(1, controllers.length)]?.abort()
          await Promise.resolve()
          expect(budget.used).toBeLessThanOrEqual(10)
          expect(budget.waiting).toBeLessThanOrEqual(5)
        }
        for (const controller of controllers) controller.abort()
        await Promise.all(pending)
        for (const reservation of held) reservation.release()
        expect([budget.used, budget.waiting]).toEqual([0, 0])
      }),
    )
  })
})
