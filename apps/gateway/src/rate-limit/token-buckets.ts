/** How much each key may take. */
export interface TokenLimits {
  /** Tokens that come back to each bucket in a second; not 0. */
  readonly perSecond: number
  /** Tokens of a full bucket. */
  readonly burst: number
  /** Most buckets that are kept; only those that are not full have to be. */
  readonly tracked: number
}

/** A token was taken; the bucket is empty; or the key is new and there is no room for another bucket. */
export type Take = 'taken' | 'empty' | 'untracked'

/** Buckets that are looked at in passing: more than the one that a take can add, so that full ones do not pile up. */
const SWEPT_BY_TAKE = 2

/**
 * Token buckets by key. A bucket is one number, the tick at which it is full again; ticks come as fast as tokens, so that everything is
 * whole numbers. A full bucket is the same as none.
 */
export class TokenBuckets {
  private readonly fullAt = new Map<string, number>()
  private cursor = this.fullAt.entries()

  /** `now` gives milliseconds of a clock that never jumps. */
  constructor(
    private readonly limits: TokenLimits,
    private readonly now: () => number,
  ) {}

  /** Number of buckets that are kept. */
  get size(): number {
    return this.fullAt.size
  }

  /** Takes a token out of the bucket of `key`, in constant time. */
  take(key: string): Take {
    const tick = this.tick()
    this.sweepSome(tick)
    const known = this.fullAt.get(key)
    if (known === undefined && this.fullAt.size >= this.limits.tracked) return 'untracked'
    const fullAt = Math.max(known ?? tick, tick) + 1
    if (fullAt - tick > this.limits.burst) return 'empty'
    this.fullAt.set(key, fullAt)
    return 'taken'
  }

  /** Drops all buckets that are full. */
  sweep(): void {
    const tick = this.tick()
    for (const [key, fullAt] of this.fullAt) if (fullAt <= tick) this.fullAt.delete(key)
  }

  private sweepSome(tick: number): void {
    for (let step = 0; step < SWEPT_BY_TAKE; step++) {
      const next = this.nextBucket()
      if (next === undefined) return
      const [key, fullAt] = next
      if (fullAt <= tick) this.fullAt.delete(key)
    }
  }

  /** The buckets in turn, again and again; undefined when there is none. */
  private nextBucket(): readonly [key: string, fullAt: number] | undefined {
    const { done, value } = this.cursor.next()
    if (!done) return value
    this.cursor = this.fullAt.entries()
    return this.cursor.next().value
  }

  private tick(): number {
    return Math.floor((this.now() * this.limits.perSecond) / 1000)
  }
}
