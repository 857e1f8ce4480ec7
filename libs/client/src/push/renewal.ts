/** How old a subscription becomes before it is renewed, in milliseconds: it lives for 14 days, so that many renewals may fail (push §4). */
export const RENEWAL_INTERVAL_MS = 24 * 60 * 60 * 1_000

/** What an application keeps of its last subscription. Times are milliseconds since the Unix epoch. */
export interface Renewal {
  readonly subscribedAt: number
  /** Service and token, in any form that can be compared. */
  readonly device: string
}

/** When to subscribe (anew): at once for the first time, with another token, or when the clock was set back; else once the interval is over. */
export function renewalDueAt(
  last: Renewal | undefined,
  device: string,
  now: number,
  intervalMs: number = RENEWAL_INTERVAL_MS,
): number {
  if (last === undefined || last.device !== device || last.subscribedAt > now) return now
  return Math.max(now, last.subscribedAt + intervalMs)
}
