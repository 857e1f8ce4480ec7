import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { begun, DOWN, HANDED_OVER, NOT_NOW, useVirtualTime } from './testing.suite.ts'

beforeEach(useVirtualTime)
afterEach(() => {
  jest.useRealTimers()
})

const SECOND = 1_000
const MINUTE = 60 * SECOND

describe('Delivery to a provider that is down', () => {
  it('opens with the tenth failure in a row, takes nothing while open and goes on after a probe', async () => {
    const scene = await begun({ maxInFlight: 1 })
    let isDown = true
    scene.provider.answer = () => (isDown ? DOWN : HANDED_OVER)
    for (let device = 0; device < 9; device++) await scene.accept(device)
    await scene.pass(1)
    expect([scene.provider.seen.length, scene.reports.breaker]).toEqual([9, []])
    for (let device = 9; device < 40; device++) await scene.accept(device)
    await scene.pass(1)
    expect([scene.provider.seen.length, scene.reports.breaker]).toEqual([10, ['open']])
    expect(scene.delivery.states().get('log')).toEqual({ breaker: 2, inFlight: 0, taken: 0, held: 0 })
    await scene.pass(900)
    expect(scene.provider.seen).toHaveLength(10)
    await scene.pass(150)
    expect(scene.provider.seen).toHaveLength(11)
    isDown = false
    await scene.pass(MINUTE)
    expect(scene.reports.breaker).toEqual(['open', 'half-open', 'open', 'half-open', 'closed'])
    expect([scene.queue.rows.size, scene.queue.ended.size]).toEqual([0, 40])
  })

  it('burns no attempts and loses nothing in an hour', async () => {
    const scene = await begun()
    let isDown = true
    scene.provider.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return isDown ? DOWN : HANDED_OVER
    }
    for (let minute = 0; minute < 60; minute++) {
      for (let device = 0; device < 10; device++) await scene.accept(device)
      await scene.pass(MINUTE)
    }
    expect(scene.queue.rows.size).toBe(600)
    expect([...scene.queue.rows.values()].reduce((sum, { attempts }) => sum + attempts, 0)).toBeLessThan(10)
    isDown = false
    await scene.pass(2 * MINUTE)
    expect((await scene.queue.books()).get('log')?.ends['handed-over']).toBe(600)
  })

  it('does not give up the only notification there is, however long it takes', async () => {
    const scene = await begun()
    let isDown = true
    scene.provider.answer = () => (isDown ? DOWN : HANDED_OVER)
    await scene.accept(1)
    await scene.pass(120 * MINUTE)
    expect(scene.queue.rows.size).toBe(1)
    isDown = false
    await scene.pass(11 * MINUTE)
    expect(scene.reports.ended).toEqual(['log handed-over 1'])
  })

  it('lets one probe through at a time', async () => {
    const scene = await begun()
    scene.provider.answer = () => DOWN
    for (let device = 0; device < 30; device++) await scene.accept(device)
    await scene.pass(1)
    scene.provider.mostUnderWay = 0
    scene.provider.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      return DOWN
    }
    await scene.pass(2 * MINUTE)
    expect(scene.provider.mostUnderWay).toBe(1)
  })

  it('probes with another when the probe fails for a reason of its own', async () => {
    const scene = await begun()
    scene.provider.answer = () => DOWN
    for (let device = 0; device < 12; device++) await scene.accept(device)
    await scene.pass(1)
    const before = scene.provider.seen.length
    scene.provider.answer = () => (scene.provider.seen.length === before + 1 ? NOT_NOW : HANDED_OVER)
    await scene.pass(MINUTE)
    expect(scene.reports.blames.at(-1)).toBe('notification')
    expect(scene.reports.breaker).toEqual(['open', 'half-open', 'closed'])
    expect(scene.queue.ended.size).toBe(12)
  })

  it('waits for as long as the provider asks', async () => {
    const scene = await begun()
    scene.provider.answer = () => ({ ...DOWN, afterMs: MINUTE })
    for (let device = 0; device < 20; device++) await scene.accept(device)
    await scene.pass(MINUTE - 1)
    const before = scene.provider.seen.length
    expect(scene.delivery.states().get('log')?.breaker).toBe(2)
    await scene.pass(2 * SECOND)
    expect(scene.provider.seen.length).toBeGreaterThan(before)
  })
})
