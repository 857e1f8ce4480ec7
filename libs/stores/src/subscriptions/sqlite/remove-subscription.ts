import type { Subscription } from '../subscriptions.ts'
import type { Tables } from './tables.ts'

/**
 * Removes a subscription that was signed at or before the unsubscription, and remembers that, inside a transaction of the caller; what was signed at or
 * before `goneUntil` is gone. At most `most` unsubscriptions of the account are remembered. Whether a subscription was removed.
 */
export function removeSubscription(
  { subscriptions, unsubscriptions }: Tables,
  { account, device, signedAt }: Pick<Subscription, 'account' | 'device' | 'signedAt'>,
  goneUntil: number,
  most: number,
): boolean {
  const known = subscriptions.find(account, device)
  const live = known !== undefined && known.signedAt > goneUntil ? known : undefined
  if (live !== undefined && live.signedAt > signedAt) return false
  if (live !== undefined) subscriptions.remove(live)
  if (signedAt > goneUntil) unsubscriptions.remember(account, device, signedAt, most)
  return live !== undefined
}
