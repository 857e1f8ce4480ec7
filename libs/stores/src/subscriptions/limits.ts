const MAX_DEVICES_PER_ACCOUNT = 512

/** What an adapter is told when it is opened. */
export interface SubscriptionLimits {
  /** How long a subscription lives after it was signed, in whole seconds. */
  readonly lifetimeS: number
  /** Most devices that one account may have, and most unsubscriptions that are remembered of it; 1 to 512. */
  readonly devicesPerAccount: number
}

/** Throws a `RangeError` for limits that no adapter can keep. */
export function assertLimits({ lifetimeS, devicesPerAccount }: SubscriptionLimits): void {
  if (!isCount(lifetimeS)) throw new RangeError('lifetimeS: must be a whole number from 1')
  if (!isCount(devicesPerAccount) || devicesPerAccount > MAX_DEVICES_PER_ACCOUNT) {
    throw new RangeError('devicesPerAccount: must be 1 to 512')
  }
}

/**
 * The newest `signedAt` (seconds) whose subscription is gone at `now` (milliseconds): a subscription is live while
 * `signedAt > goneUntil`, which is `signedAt + lifetime > now` (push §4).
 */
export function goneUntil(now: number, { lifetimeS }: SubscriptionLimits): number {
  return Math.floor(now / 1_000) - lifetimeS
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1
}
