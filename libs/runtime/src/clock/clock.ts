/** Where a service gets the time from: passed in, so that tests run at a fixed instant. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
