/** Length of a keyed digest of an account or of a device: the store holds neither account ids nor device tokens. */
export const DIGEST_LENGTH = 16

/**
 * One device that wants to be woken for one account. Unique by account and device; the service is part of what the device digest
 * is made of (push §4).
 */
export interface Subscription {
  /** Keyed digest of the account, 16 bytes. */
  readonly account: Uint8Array
  /** Keyed digest of service and device token, 16 bytes. */
  readonly device: Uint8Array
  /** Name of the push service, 1 to 32 bytes. */
  readonly service: string
  /** Ascending and without duplicates, 1 to 65,536 numbers of −32,768 to 32,767. */
  readonly namespaces: readonly number[]
  /** Whether the device wants the message body. */
  readonly wantsData: boolean
  /** When the device signed the subscription, in seconds since the Unix epoch. It decides how long the subscription lives. */
  readonly signedAt: number
  /**
   * When the subscription was last written, in milliseconds: a provider that calls a token dead means the registrations before its
   * word. Of two writes the later time stays, whichever came last: writers' clocks differ.
   */
  readonly registeredAt: number
  /** Token, encryption key and service data, sealed with a key that the store does not hold; at most 4,096 bytes. */
  readonly sealed: Uint8Array
}

/** A subscription that wants a message. */
export type MatchingSubscription = Pick<Subscription, 'device' | 'service' | 'wantsData' | 'sealed'>

/**
 * What has become of a subscription: `kept` means that a later signature was there already and that nothing has changed but
 * `registeredAt`; `superseded` that the device was unsubscribed with a later signature, and `full` that the account has as many
 * devices as it may have: with both nothing has changed at all.
 */
export type SubscriptionOutcome = 'added' | 'updated' | 'kept' | 'superseded' | 'full'

/** When a device was unsubscribed. */
export interface Unsubscription {
  /** When it was signed, in whole seconds since the Unix epoch. */
  readonly signedAt: number
  /** The time of the removal, in milliseconds since the Unix epoch. */
  readonly now: number
}

/** How many subscriptions there are, by service; services without one are absent. */
export type SubscriptionCounts = ReadonlyMap<string, number>

/**
 * Who wants to be woken for whom (push §4). A change is durable once its promise resolves; concurrent calls are as if they had come
 * one after the other. A subscription is gone at `signedAt + lifetime` (an option of the adapter, in seconds), swept or not: it is
 * then neither matched, nor counted as known by `put` and `remove`, nor does it take up a place of its account.
 *
 * Signatures may come late or again, from whoever has carried them: of what was signed for a device of an account the latest counts, in whatever
 * order it comes. Within one second, in which nothing is later, what comes last does. So `remove` remembers an unsubscription, with its time, as long
 * as a subscription that was signed then may live; nobody can bring an earlier one back meanwhile. It is forgotten when the device
 * subscribes later. Of each account so many are remembered as it may have devices, the latest ones: an owner, or a member of a group, who signs any
 * number of unsubscriptions takes up no more room than with subscriptions; where more were remembered at a time, the earliest of them
 * can be replayed again. They take up no place of a device, and are neither matched nor counted. `removeDevice` remembers nothing, since
 * nobody has signed it.
 *
 * Every method rejects with `StoreUnavailableError`, `StoreFullError` or `StoreCorruptError`.
 */
export interface Subscriptions {
  /**
   * Adds or renews the subscription; the same `signedAt` as the stored one replaces it, an older one changes nothing but
   * `registeredAt`, and one that is older than a remembered unsubscription changes nothing. `now` in milliseconds. Throws a `RangeError`
   * when a member has not the size that `Subscription` says.
   */
  put(subscription: Subscription, now: number): Promise<SubscriptionOutcome>
  /**
   * Removes one device (16 bytes) of an account (16 bytes) that was subscribed at or before `signedAt`, and remembers the unsubscription, also when nothing
   * was there. A subscription that was signed later stays, and nothing is remembered. Whether one was removed. Throws a
   * `RangeError` when an argument has not the size that is said here.
   */
  remove(account: Uint8Array, device: Uint8Array, { signedAt, now }: Unsubscription): Promise<boolean>
  /** Those of the account whose namespaces contain `namespace`. Costs the same however many other accounts there are. */
  matching(account: Uint8Array, namespace: number, now: number): Promise<readonly MatchingSubscription[]>
  /**
   * Removes the device from every account for which it was registered at or before `registeredUntil` (milliseconds): its token is dead,
   * but a later registration of the same token is news that the provider did not have. Returns how many went, expired ones included. Goes
   * account by account: when it rejects some may be gone, and calling again is safe.
   */
  removeDevice(device: Uint8Array, registeredUntil: number): Promise<number>
  /**
   * Removes up to `limit` subscriptions whose time is over; returns how many went. Fewer than `limit` means that none is left. Forgets every unsubscription
   * whose time is over, in steps, unless the store does so by itself.
   */
  removeExpired(now: number, limit: number): Promise<number>
  /** Counts, exact after a restart too, expired ones included until they are swept. Must not cost a walk over all subscriptions. */
  counts(): Promise<SubscriptionCounts>
  /** Rejects when the store cannot be used at this moment. */
  check(): Promise<void>
  close(): Promise<void>
}
