/** The four ways in which a notification leaves its queue; there is no fifth. */
export const NOTIFICATION_ENDS = ['handed-over', 'expired', 'token-dead', 'given-up'] as const
export type NotificationEnd = (typeof NOTIFICATION_ENDS)[number]

/** Something that a device is to be told. Times are milliseconds since the Unix epoch. */
export interface NewNotification {
  /** Name of the push service: each has a queue of its own. */
  readonly service: string
  /** Keyed digest of service and device token, 16 bytes. */
  readonly device: Uint8Array
  /** Names the message for this device (push §5.1), 32 bytes. */
  readonly duplicateKey: Uint8Array
  /** From then on nobody wants it any more. */
  readonly expiresAt: number
  /** What is to be sent and where, sealed; at most 8,192 bytes. The store does not look into it. */
  readonly content: Uint8Array
}

/** A notification that one process has taken and that no other gets until the lease is over. */
export interface TakenNotification {
  /** Names the notification in this store for ever; tells nothing of it. */
  readonly id: string
  readonly service: string
  /** 16 bytes. */
  readonly device: Uint8Array
  /** How many attempts have failed so far, as `postpone` was told. */
  readonly attempts: number
  readonly acceptedAt: number
  readonly expiresAt: number
  readonly content: Uint8Array
}

/** The books of one service; `accepted` is always the sum of `waiting` and of the four ends. Kept since the store was made. */
export interface NotificationBooks {
  readonly accepted: number
  readonly ends: Readonly<Record<NotificationEnd, number>>
  /** In the queue, taken ones included. */
  readonly waiting: number
}

export interface TakeOptions {
  readonly limit: number
  readonly now: number
  /**
   * Milliseconds after which what was neither ended nor postponed may be taken again, because its process died. An adapter for one
   * process only may keep leases in memory: when it is opened again nothing is taken.
   */
  readonly leaseMs: number
}

/**
 * The durable queues of notifications, one for each push service, with the filter that keeps duplicates out and the books that say what
 * became of every one. A change is durable once its promise resolves, and is made whole or not at all, the books with it, whatever process dies.
 *
 * Every method rejects with `StoreUnavailableError`, `StoreFullError` or `StoreCorruptError`.
 */
export interface Notifications {
  /**
   * Puts into their queues those whose `duplicateKey` was not accepted within the filter's time (an option of the adapter: a key is remembered for at
   * least once and at most twice as long), and returns how many those were. Several may be accepted although the call rejects; calling again is
   * safe. Rejects with `StoreFullError` when one that is not known finds its queue as long as it may be (an option of the adapter); those that find
   * room are accepted, and the key of one that does not is not remembered.
   */
  accept(notifications: readonly NewNotification[], now: number): Promise<number>
  /**
   * Takes up to `limit` due notifications of one service, the longest due first; one is due from its acceptance, from the time to which it was postponed, or
   * from the end of its lease. The order of those due at the same time is that of acceptance, by one call in any order if they are for different
   * devices. Costs the same however long the queue is.
   */
  take(service: string, options: TakeOptions): Promise<readonly TakenNotification[]>
  /** Ends notifications, in the queue and in the books. One that is in the queue no more is left out: nothing is counted twice. Returns how many were ended. */
  end(notifications: readonly TakenNotification[], end: NotificationEnd): Promise<number>
  /** Puts a taken notification back until `dueAt` with a new number of failed attempts. Does nothing when it is in the queue no more. */
  postpone(
    notification: TakenNotification,
    options: { readonly dueAt: number; readonly attempts: number },
  ): Promise<void>
  /** Ends as token-dead whatever waits for the device and was accepted at or before `acceptedUntil`, taken or not; returns how many those were. */
  endDevice(service: string, device: Uint8Array, acceptedUntil: number): Promise<number>
  /**
   * Ends as expired up to `limit` notifications that were accepted at or before `acceptedUntil`, the oldest first, and returns how many those were. Taken ones
   * are left out, also when their lease is over, until they are postponed.
   */
  endOlder(service: string, acceptedUntil: number, limit: number): Promise<number>
  /** When the next notification that is not taken is due (perhaps in the past), or when the next lease is over; undefined when there is none. */
  nextDue(service: string): Promise<number | undefined>
  /** The books of every service that has ever accepted one. Must not cost a walk over the queue. */
  books(): Promise<ReadonlyMap<string, NotificationBooks>>
  /** Forgets keys of the filter that need not be remembered, a bounded number at a time; to be called now and then. */
  forgetDuplicates(now: number): Promise<void>
  /** Rejects when the store cannot be used at this moment. */
  check(): Promise<void>
  close(): Promise<void>
}
