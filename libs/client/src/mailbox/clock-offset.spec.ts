import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ClockOffset } from './clock-offset.ts'
import { MemoryCursors } from './cursors.ts'

const NOW = 1_750_000_000_000

describe('ClockOffset', () => {
  it('takes the middle of the way as the moment of the answer', () => {
    const clock = new ClockOffset(() => NOW)
    clock.observe(NOW, NOW - 1_000)
    expect(clock.now()).toBe(NOW + 500)
  })

  it('follows the last ten answers, not the ones before', () => {
    const clock = new ClockOffset(() => NOW)
    for (let i = 0; i < 20; i++) clock.observe(NOW + 5_000, NOW)
    for (let i = 0; i < 10; i++) clock.observe(NOW - 60_000, NOW)
    expect(clock.offset).toBe(-60_000)
    clock.reset()
    expect(clock.offset).toBe(0)
  })

  it('is not moved by fewer than half of the answers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: NOW - 1e9, max: NOW + 1e9 }), { maxLength: 4 }), (lies) => {
        const clock = new ClockOffset(() => NOW)
        for (const time of [...lies, ...Array<number>(lies.length + 1).fill(NOW + 700)]) clock.observe(time, NOW)
        expect(clock.offset).toBe(700)
      }),
    )
  })

  it('ignores what is no time', () => {
    const clock = new ClockOffset(() => NOW)
    for (const time of [undefined, null, 'now', NaN, Infinity, 0, -1, NOW / 1_000, 1.5, NOW * 1_000]) {
      clock.observe(time, NOW)
    }
    expect(clock.offset).toBe(0)
  })
})

describe('MemoryCursors', () => {
  it('keeps the newest ones and no more than it may', async () => {
    const cursors = new MemoryCursors(2)
    const key = (namespace: number): { account: string; node: string; namespace: number } => ({
      account: '05',
      node: 'ab',
      namespace,
    })
    await cursors.set(key(1), 'one')
    await cursors.set(key(2), 'two')
    await cursors.set(key(1), 'one again')
    await cursors.set(key(3), 'three')
    const kept = await Promise.all([1, 2, 3].map((namespace) => cursors.get(key(namespace))))
    expect(kept).toEqual(['one again', undefined, 'three'])
  })
})
