import type { PackedSubscription } from '../packed-subscription.ts'
import type { SubscriptionOutcome } from '../subscriptions.ts'
import { freeNumber, numbersOf } from './row-numbers.ts'
import type { KnownSubscription, SubscriptionTable } from './subscription-table.ts'
import type { Tables } from './tables.ts'

/**
 * Adds or renews a subscription inside a transaction of the caller, unless a later unsubscription is remembered; what was signed at or before
 * `goneUntil` is gone.
 */
export function putSubscription(
  { subscriptions, unsubscriptions }: Tables,
  subscription: PackedSubscription,
  goneUntil: number,
  devicesPerAccount: number,
): SubscriptionOutcome {
  const { account, device, signedAt } = subscription
  const unsubscribedAt = unsubscriptions.find(account, device)
  if (unsubscribedAt !== undefined && unsubscribedAt > goneUntil && signedAt < unsubscribedAt) return 'superseded'
  const outcome = addOrRenew(subscriptions, subscription, goneUntil, devicesPerAccount)
  if (unsubscribedAt !== undefined && outcome !== 'full') unsubscriptions.forget(account, device)
  return outcome
}

function addOrRenew(
  table: SubscriptionTable,
  subscription: PackedSubscription,
  goneUntil: number,
  devicesPerAccount: number,
): SubscriptionOutcome {
  const numbers = numbersOf(subscription.account)
  const rows = table.list(numbers)
  const ofAccount = rows.filter(({ account }) => isSame(account, subscription.account))
  const known = ofAccount.find(({ device }) => isSame(device, subscription.device))
  const isLive = ({ signedAt }: KnownSubscription): boolean => signedAt > goneUntil
  if (known !== undefined && isLive(known)) return renew(table, known, subscription)
  if (ofAccount.filter(isLive).length >= devicesPerAccount) return 'full'
  const number = freeNumber(
    numbers,
    rows.map((row) => row.number),
  )
  // Nothing has swept for long when no number is free.
  const expired = known ?? (number === undefined ? ofAccount.find((row) => !isLive(row)) : undefined)
  if (expired !== undefined) table.replace(expired, subscription)
  else if (number !== undefined) table.add(number, subscription)
  else return 'full'
  return 'added'
}

function renew(
  table: SubscriptionTable,
  known: KnownSubscription,
  subscription: PackedSubscription,
): SubscriptionOutcome {
  const registeredAt = Math.max(known.registeredAt, subscription.registeredAt)
  if (subscription.signedAt < known.signedAt) {
    table.setRegisteredAt(known, registeredAt)
    return 'kept'
  }
  table.replace(known, { ...subscription, registeredAt })
  return 'updated'
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}
