import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Take, TokenBuckets } from './token-buckets.ts'

/** Counts tokens one by one and forgets nothing. */
class NaiveBuckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>()

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {}

  take(key: string, nowMs: number): Take {
    const at = Math.floor((nowMs * this.perSecond) / 1000)
    const bucket = this.buckets.get(key) ?? { tokens: this.burst, at }
    bucket.tokens = Math.min(this.burst, bucket.tokens + at - bucket.at)
    bucket.at = at
    this.buckets.set(key, bucket)
    if (bucket.tokens < 1) return 'empty'
    bucket.tokens--
    return 'taken'
  }
}

const takes = fc.array(
  fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), pauseMs: fc.nat(60), isLong: fc.boolean() }),
  { maxLength: 300 },
)

describe('TokenBuckets', () => {
  it('gives as many tokens at once as the burst, and no more', () => {
    const buckets = new TokenBuckets({ perSecond: 300, burst: 600, tracked: 10 }, () => 1234.5)
    const taken = Array.from({ length: 601 }, () => buckets.take('a'))
    expect([taken[598], taken[599], taken[600]]).toEqual(['taken', 'taken', 'empty'])
  })

  it('tracks as many keys as it may, and refuses new ones beyond', () => {
    const buckets = new TokenBuckets({ perSecond: 300, burst: 600, tracked: 10_000 }, () => 0)
    const taken = Array.from({ length: 10_001 }, (_, key) => buckets.take(`${key}`))
    expect([taken[9_998], taken[9_999], taken[10_000]]).toEqual(['taken', 'taken', 'untracked'])
    expect(buckets.size).toBe(10_000)
    expect(buckets.take('7')).toBe('taken')
  })

  it('has room again as soon as a bucket is full', () => {
    let now = 0
    const buckets = new TokenBuckets({ perSecond: 10, burst: 5, tracked: 2 }, () => now)
    buckets.take('a')
    buckets.take('b')
    now = 99
    expect(buckets.take('c')).toBe('untracked')
    now = 100
    expect(buckets.take('c')).toBe('taken')
  })

  it('behaves like buckets that are counted one by one', () => {
    fc.assert(
      fc.property(
        takes,
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 8 }),
        (steps, perSecond, burst) => {
          let now = 0
          const buckets = new TokenBuckets({ perSecond, burst, tracked: 4 }, () => now)
          const naive = new NaiveBuckets(perSecond, burst)
          for (const { key, pauseMs, isLong } of steps) {
            now += isLong ? pauseMs : pauseMs / 100
            expect(buckets.take(key)).toBe(naive.take(key, now))
          }
        },
      ),
    )
  })

  it('forgets every bucket that is full, in passing or at once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.boolean(), (count, isAtOnce) => {
        let now = 0
        const buckets = new TokenBuckets({ perSecond: 10, burst: 5, tracked: 1_000 }, () => now)
        for (let key = 0; key < count; key++) buckets.take(`${key}`)
        expect(buckets.size).toBe(count)
        now = 100
        if (isAtOnce) buckets.sweep()
        else for (let turn = 0; turn <= count; turn++) buckets.take('again')
        expect(buckets.size).toBe(isAtOnce ? 0 : 1)
      }),
    )
  })
})
