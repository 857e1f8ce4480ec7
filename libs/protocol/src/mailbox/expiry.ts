import { mayDelete } from './authentication/check-request.ts'
import { MAX_TTL_MS } from './limits.ts'
import { type ExpireRequest } from './methods/expire.ts'
import { type WireInteger } from './params/fields.ts'

/** Whether an expiry is set whatever it was, or moved in one direction only. */
export type ExpireMode = 'set' | 'extend' | 'shorten'

/** A stored message, as far as its expiry is concerned; times in milliseconds. */
export interface StoredTimes {
  readonly timestamp: number
  readonly expiry: number
}

/** What an `expire` has done. */
export interface ExpireOutcome {
  /** The new expiry of each message that was changed. */
  readonly updated: ReadonlyMap<string, number>
  /** The expiry of each message that was found and left. */
  readonly unchanged: ReadonlyMap<string, number>
}

/** What an `expire` shall do with one message. */
export interface ExpireTarget {
  readonly hash: string
  /** In milliseconds, clamped. */
  readonly expiry: number
}

/** How far `expire` may move an expiry: 30 days from now, in every namespace (mailbox RPC §4.7). */
export function clampExpiry(expiry: WireInteger, now: number): number {
  const latest = now + MAX_TTL_MS
  return expiry > latest ? latest : Number(expiry)
}

/** The messages of an `expire` with their clamped expiries, in request order. */
export function expireTargets(request: ExpireRequest, now: number): ExpireTarget[] {
  const [first = 0] = request.expiries
  return request.hashes.map((hash, i) => ({ hash, expiry: clampExpiry(request.expiries[i] ?? first, now) }))
}

/** A subaccount that may not delete can only extend, whatever it asks for (mailbox RPC §4.7). */
export function expireMode(request: ExpireRequest): ExpireMode {
  return request.mode ?? (mayDelete(request.authentication) ? 'set' : 'extend')
}

/**
 * Whether a message gets the expiry `wanted`. With `ignoresSmallExtensions`, as in 2.11, extending by less than 1 % of the message's
 * lifetime is not worth it (mailbox RPC §4.7).
 */
export function changesExpiry(
  stored: StoredTimes,
  wanted: number,
  mode: ExpireMode,
  ignoresSmallExtensions = false,
): boolean {
  if (mode === 'set') return true
  if (mode === 'shorten') return wanted < stored.expiry
  if (!ignoresSmallExtensions) return wanted > stored.expiry
  const lifetime = Math.min(stored.expiry - stored.timestamp, MAX_TTL_MS)
  return wanted > stored.expiry && (wanted - stored.expiry) * 100 >= lifetime
}

/** Decides about all messages of an `expire`; those that are not stored appear nowhere. A hash named twice counts where it is last. */
export function planExpire(
  request: ExpireRequest,
  stored: ReadonlyMap<string, StoredTimes>,
  now: number,
  ignoresSmallExtensions = false,
): ExpireOutcome {
  const mode = expireMode(request)
  const updated = new Map<string, number>()
  const unchanged = new Map<string, number>()
  for (const [hash, expiry] of new Map(expireTargets(request, now).map((target) => [target.hash, target.expiry]))) {
    const times = stored.get(hash)
    if (times === undefined) continue
    if (changesExpiry(times, expiry, mode, ignoresSmallExtensions)) updated.set(hash, expiry)
    else unchanged.set(hash, times.expiry)
  }
  return { updated, unchanged }
}
