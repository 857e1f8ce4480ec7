import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { SendOutcome } from '../providers/provider.ts'
import { begun, DOWN, HANDED_OVER, NOT_NOW, Scene, stopped, useVirtualTime } from './testing.suite.ts'

beforeEach(useVirtualTime)
afterEach(() => {
  jest.useRealTimers()
})

const SECOND = 1_000
const MINUTE = 60 * SECOND

describe('Delivery to a provider that keeps only the last', () => {
  const keepsOnlyLast = { keepsOnlyLast: true }

  it('sends the first at once and the newest of the others when the window ends; all have the same end', async () => {
    const scene = await begun({ batchWindowMs: 500 }, keepsOnlyLast)
    for (let i = 0; i < 4; i++) {
      await scene.accept(1)
      await scene.pass(100)
    }
    expect(scene.provider.payloads).toEqual(['1'])
    expect(scene.delivery.states().get('log')?.held).toBe(3)
    await scene.pass(200)
    expect(scene.provider.payloads).toEqual(['1', '4'])
    expect(scene.reports.ended).toEqual(['log handed-over 1', 'log handed-over 3'])
    expect(scene.queue.rows.size).toBe(0)
  })

  it('makes one wake-up of what is taken for a device at once', async () => {
    const scene = new Scene({}, keepsOnlyLast)
    for (const device of [1, 2, 1, 1, 2]) await scene.accept(device)
    scene.delivery.start()
    await scene.pass(1)
    expect(scene.provider.payloads).toEqual(['4', '5'])
    expect(scene.queue.rows.size).toBe(0)
  })

  it('wakes urgently when one of them is urgent', async () => {
    const scene = new Scene({}, keepsOnlyLast)
    await scene.accept(1, { isUrgent: true })
    await scene.accept(1)
    await scene.accept(2)
    scene.delivery.start()
    await scene.pass(1)
    expect(scene.provider.seen).toMatchObject([
      { payload: '2', isUrgent: true },
      { payload: '3', isUrgent: false },
    ])
  })

  it('sends the newest of those that can be read and have not expired', async () => {
    const scene = new Scene({}, keepsOnlyLast)
    await scene.accept(1)
    await scene.accept(1, { expiresAt: Date.now() + 1 })
    await scene.accept(1, { content: Buffer.from('damaged') })
    await scene.pass(2)
    scene.delivery.start()
    await scene.pass(1)
    expect(scene.provider.payloads).toEqual(['1'])
    expect(Object.fromEntries(scene.queue.ended)).toEqual({ 1: 'handed-over', 2: 'expired', 3: 'given-up' })
  })

  it('tries all of them again together, each with attempts of its own', async () => {
    const scene = await begun({}, keepsOnlyLast)
    scene.provider.answer = () => NOT_NOW
    await scene.accept(1)
    await scene.pass(7 * SECOND + 500)
    expect(scene.provider.seen).toHaveLength(4)
    const [row] = scene.queue.rows.values()
    Object.assign(row ?? {}, { dueAt: Date.now() })
    await scene.accept(1)
    await scene.pass(1)
    expect(scene.provider.payloads.at(-1)).toBe('2')
    const rows = [...scene.queue.rows.values()]
    expect(rows.map(({ attempts }) => attempts)).toEqual([5, 1])
    expect(new Set(rows.map(({ dueAt }) => dueAt)).size).toBe(1)
    await scene.pass(40 * MINUTE)
    expect(scene.reports.ended).toEqual(['log given-up 1', 'log given-up 1'])
  })

  it('holds nothing when the window is 0', async () => {
    const scene = await begun({ batchWindowMs: 0 }, keepsOnlyLast)
    for (let i = 0; i < 3; i++) await scene.accept(1)
    await scene.pass(1)
    expect(scene.provider.payloads).toEqual(['1', '2', '3'])
  })

  it('holds nothing for a provider that keeps all', async () => {
    const scene = await begun()
    for (let i = 0; i < 3; i++) await scene.accept(1)
    await scene.pass(1)
    expect(scene.provider.payloads).toEqual(['1', '2', '3'])
  })

  it('puts what is held back when it stops, and when the provider goes down', async () => {
    const scene = await begun({ breakerThreshold: 1 }, keepsOnlyLast)
    await scene.accept(1)
    await scene.pass(1)
    await scene.accept(1)
    await scene.pass(1)
    expect(scene.delivery.states().get('log')?.held).toBe(1)
    scene.provider.answer = () => DOWN
    await scene.accept(2)
    await scene.pass(1)
    expect(scene.delivery.states().get('log')).toEqual({ breaker: 2, inFlight: 0, taken: 0, held: 0 })
    scene.provider.answer = () => HANDED_OVER
    await scene.pass(5 * SECOND)
    expect(scene.queue.rows.size).toBe(0)
    for (let i = 0; i < 3; i++) await scene.accept(3)
    await scene.pass(1)
    expect(scene.delivery.states().get('log')?.held).toBeGreaterThan(0)
    await stopped(scene)
    expect([...scene.queue.rows.values()].every(({ leaseUntil, attempts }) => leaseUntil + attempts === 0)).toBe(true)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('sends no more to a device whose token is dead', async () => {
    const scene = await begun({}, keepsOnlyLast)
    const answer = Promise.withResolvers<SendOutcome>()
    scene.provider.answer = () => answer.promise
    await scene.accept(1)
    await scene.accept(1)
    await scene.pass(100)
    answer.resolve({ kind: 'token-dead', since: Date.now() })
    await scene.pass(5 * SECOND)
    expect(scene.provider.seen).toHaveLength(1)
    expect([...scene.queue.ended.values()]).toEqual(['token-dead', 'token-dead'])
    expect(scene.delivery.states().get('log')).toMatchObject({ taken: 0, held: 0 })
  })
})
