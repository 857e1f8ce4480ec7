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
 * `registeredAt`; `full` that the account has as many devices as it may have, and that nothing has changed at all.
 */
export type SubscriptionOutcome = 'added' | 'updated' | 'kept' | 'full'

/** How many subscriptions there are, by service; services without one are absent. */
export type SubscriptionCounts = ReadonlyMap<string, number>

/**
 * Who wants to be woken for whom (push §4). A change is durable once its promise resolves; concurrent calls are as if they had come
 * one after the other. A subscription is gone at `signedAt + lifetime` (an option of the adapter, in seconds), swept or not: it is
 * then neither matched, nor counted as known by `put` and `remove`, nor does it take up a place of its account.
 *
 * Every method rejects with `StoreUnavailableError`, `StoreFullError` or `StoreCorruptError`.
 */
export interface Subscriptions {
  /**
   * Adds or renews the subscription; the same `signedAt` as the stored one replaces it, an older one changes nothing but
   * `registeredAt`. `now` in milliseconds. Throws a `RangeError` when a member has not the size that `Subscription` says.
   */
  put(subscription: Subscription, now: number): Promise<SubscriptionOutcome>
  /** Removes one device of an account; whether it was there. */
  remove(account: Uint8Array, device: Uint8Array, now: number): Promise<boolean>
  /** Those of the account whose namespaces contain `namespace`. Costs the same however many other accounts there are. */
  matching(account: Uint8Array, namespace: number, now: number): Promise<readonly MatchingSubscription[]>
  /**
   * Removes the device from every account for which it was registered at or before `registeredUntil` (milliseconds): its token is dead,
   * but a later registration of the same token is news that the provider did not have. Returns how many went, expired ones included. Goes
   * account by account: when it rejects some may be gone, and calling again is safe.
   */
  removeDevice(device: Uint8Array, registeredUntil: number): Promise<number>
  /** Removes up to `limit` subscriptions whose time is over; returns how many went. Fewer than `limit` means that none is left. */
  removeExpired(now: number, limit: number): Promise<number>
  /** Counts, exact after a restart too, expired ones included until they are swept. Must not cost a walk over all subscriptions. */
  counts(): Promise<SubscriptionCounts>
  /** Rejects when the store cannot be used at this moment. */
  check(): Promise<void>
  close(): Promise<void>
}
