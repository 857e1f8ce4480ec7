import type { SubscriptionLimits } from '../limits.ts'
import { DIGEST_LENGTH, type Subscription, type Subscriptions, type Unsubscription } from '../subscriptions.ts'

/** What a suite asks an adapter to open. */
export interface Opening extends SubscriptionLimits {
  /** Names the data: a place that was not opened before is empty, one that was has what was left there. */
  readonly place: string
}

export type OpenSubscriptions = (opening: Opening) => Promise<Subscriptions>

/** Opens subscriptions that are closed after the test; at a new place and with `LIMITS` when none are given. */
export type StartSubscriptions = (opening?: Partial<Opening>) => Promise<Subscriptions>

/** In milliseconds; a whole number of seconds. */
export const NOON = 1_750_000_000_000
export const NOON_S = NOON / 1_000
export const LIFETIME_S = 1_209_600
export const LIMITS: SubscriptionLimits = { lifetimeS: LIFETIME_S, devicesPerAccount: 16 }

/** Signed and done at noon. */
export const AT_NOON: Unsubscription = { signedAt: NOON_S, now: NOON }

/** A digest that is easy to recognise. Those of short labels have the same beginning, by which nobody may tell them apart. At most 16 ASCII characters. */
export function digestOf(label: string): Uint8Array {
  const digest = new Uint8Array(DIGEST_LENGTH)
  digest.set(new TextEncoder().encode(label))
  return digest.reverse()
}

export const ALICE = digestOf('alice')
export const BOB = digestOf('bob')

/** The subscription of Alice's device of this label, as it is when nothing else is said. */
export function subscription(label: string, changes: Partial<Subscription> = {}): Subscription {
  return {
    account: ALICE,
    device: digestOf(label),
    service: 'firebase',
    namespaces: [0],
    wantsData: true,
    signedAt: NOON_S,
    registeredAt: NOON,
    sealed: new TextEncoder().encode(`sealed ${label}`),
    ...changes,
  }
}

/** Label of a digest. */
export function labelOf(digest: Uint8Array): string {
  return Buffer.from(digest).reverse().toString().replace(/\0+$/, '')
}

/** Labels of the devices that want a message of the account, in an order that can be compared. */
export async function labels(
  subscriptions: Subscriptions,
  { account = ALICE, namespace = 0, now = NOON } = {},
): Promise<string[]> {
  return (await subscriptions.matching(account, namespace, now)).map(({ device }) => labelOf(device)).sort()
}

/** What is sealed in each subscription that wants a message, by the label of its device. */
export async function sealedTexts(
  subscriptions: Subscriptions,
  { account = ALICE, namespace = 0, now = NOON } = {},
): Promise<Record<string, string>> {
  const matching = await subscriptions.matching(account, namespace, now)
  return Object.fromEntries(matching.map(({ device, sealed }) => [labelOf(device), Buffer.from(sealed).toString()]))
}
