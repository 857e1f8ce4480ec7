export interface OriginPlacesOptions {
  /** Places that all origins share. */
  readonly shared: number
  /** How many of the shared places one origin may hold. */
  readonly sharedPerOrigin: number
  /** How many places of its own one origin may earn. */
  readonly earned: number
}

export const DEFAULT_PLACES: OriginPlacesOptions = { shared: 64, sharedPerOrigin: 32, earned: 256 }

/**
 * How a request went: the origin answered soon, whatever it said; it answered late; it kept the request waiting for nothing; or nothing can be said, since the
 * request failed at once or was never made.
 */
export type Promptness = 'prompt' | 'late' | 'hung' | 'unknown'

/** Gives a place back; more than once does no harm. */
export type LeavePlace = (promptness: Promptness) => void

interface OriginRecord {
  earned: number
  earnedInFlight: number
  sharedInFlight: number
}

/** Origins without a request in flight whose record is kept. */
const MOST_IDLE_ORIGINS = 1024

/**
 * Bounds how many requests are in flight to one origin, so that hosts that do not answer leave room for all others.
 *
 * Anybody may name hosts, any number of them, and let requests hang there. So an origin starts in places that all origins share, and each prompt answer earns
 * it one place of its own; a late answer takes one away, a request that hung takes half of them. What hangs is at most the shared places and as many as had
 * prompt answers just before. A push service with many users earns its places within its first answers and is then bounded by `earned` alone. What an
 * answer says does not count: it may be about one user, who shall not be able to slow down the host for others.
 */
export class OriginPlaces {
  readonly #origins = new Map<string, OriginRecord>()
  /** Records of origins without a request in flight, the one idle longest first. */
  readonly #idle = new Map<string, OriginRecord>()
  #sharedInFlight = 0

  constructor(private readonly options: OriginPlacesOptions = DEFAULT_PLACES) {}

  /** How many requests are in flight. */
  get inFlight(): number {
    let sum = this.#sharedInFlight
    for (const { earnedInFlight } of this.#origins.values()) sum += earnedInFlight
    return sum
  }

  /** Takes a place for one request to the origin, or says with undefined that there is none. */
  tryEnter(origin: string): LeavePlace | undefined {
    const record = this.#origins.get(origin) ??
      this.#idle.get(origin) ?? { earned: 0, earnedInFlight: 0, sharedInFlight: 0 }
    const isEarned = record.earnedInFlight < record.earned
    if (!isEarned && !this.#hasSharedPlace(record)) return undefined
    if (isEarned) record.earnedInFlight++
    else this.#changeShared(record, 1)
    this.#idle.delete(origin)
    this.#origins.set(origin, record)
    let inside = true
    return (promptness) => {
      if (!inside) return
      inside = false
      if (isEarned) record.earnedInFlight--
      else this.#changeShared(record, -1)
      record.earned = this.#earnedAfter(promptness, record.earned)
      if (record.earnedInFlight + record.sharedInFlight === 0) this.#rest(origin, record)
    }
  }

  #hasSharedPlace({ sharedInFlight }: OriginRecord): boolean {
    return sharedInFlight < this.options.sharedPerOrigin && this.#sharedInFlight < this.options.shared
  }

  #earnedAfter(promptness: Promptness, earned: number): number {
    switch (promptness) {
      case 'prompt':
        return Math.min(earned + 1, this.options.earned)
      case 'late':
        return Math.max(earned - 1, 0)
      case 'hung':
        return Math.floor(earned / 2)
      case 'unknown':
        return earned
    }
  }

  #changeShared(record: OriginRecord, by: 1 | -1): void {
    record.sharedInFlight += by
    this.#sharedInFlight += by
  }

  #rest(origin: string, record: OriginRecord): void {
    this.#origins.delete(origin)
    if (record.earned === 0) return
    if (this.#idle.size >= MOST_IDLE_ORIGINS) {
      const [longestIdle] = this.#idle.keys()
      if (longestIdle !== undefined) this.#idle.delete(longestIdle)
    }
    this.#idle.set(origin, record)
  }
}
