/**
 * Whose mailbox it is: prefix byte and 32-byte key as 66 lower-case hex digits. A mailbox is everything one account has, in all
 * namespaces; it need not be made before it is used.
 */
export type AccountHex = string

/** A message that is to be stored. Times are milliseconds since the Unix epoch. */
export interface NewMessage {
  readonly account: AccountHex
  /** −32,768 to 32,767. */
  readonly namespace: number
  /** 43 base64 characters, unique over all namespaces of the account. */
  readonly hash: string
  /** The message time, which the sender gives. */
  readonly timestamp: number
  /** The message is gone at this instant: `expiry <= now` reads as absent, swept or not. */
  readonly expiry: number
  /** At most 76,800 bytes; left unchanged by the caller from now on. */
  readonly data: Uint8Array
  /** Whether the messages that the namespace has are removed with the same commit (a public outbox holds one message). */
  readonly replacesNamespace: boolean
  /** Whether quota leaves the message in place, whoever needs room (the configuration namespaces). */
  readonly isProtected: boolean
  /** What the outbox has to tell of the message; written with the message, or not at all when the message was there already. */
  readonly event: OutboxEvent
}

/** An event as the outbox keeps it: the store does not look into it. */
export interface OutboxEvent {
  /** Number of the event's partition, from 0. */
  readonly partition: number
  readonly payload: Uint8Array
}

/** An event that waits to be published. */
export interface OutboxEntry extends OutboxEvent {
  /** Names the entry in this store for ever, also as deduplication id: it tells nothing of the message. At most 100 characters. */
  readonly id: string
}

/** What has become of a message that was to be stored. */
export type StoreOutcome =
  | {
      readonly outcome: 'stored'
      readonly expiry: number
      /** The entry that was written to the outbox. */
      readonly outboxId: string
      /** How many other messages quota has removed for it. */
      readonly evicted: number
    }
  /** It was there already: it keeps its place, its data and its namespace, and has the later of both expiries. */
  | { readonly outcome: 'known'; readonly expiry: number }
  /** Even without every message that quota may remove there is no room for it; nothing has changed. */
  | { readonly outcome: 'refused' }

/** Which messages a reader wants. */
export interface MessageQuery {
  readonly account: AccountHex
  readonly namespace: number
  /** Only messages inserted after the one with this hash; when the namespace has no such live message, all of them. */
  readonly after?: string
  readonly limits: MessageLimits
}

/** How much a reader wants at once. The first message is always given; the first that does not fit ends the list. */
export interface MessageLimits {
  /** Number of messages; may be infinite. */
  readonly count: number
  /** Sum of costs: a message of n bytes costs `overhead + floor(4n / 3)`. */
  readonly size: number
  readonly overhead: number
}

/** A message as it is stored. */
export interface StoredMessage {
  readonly hash: string
  readonly timestamp: number
  readonly expiry: number
  readonly data: Uint8Array
}

/** Messages in order of insertion. */
export interface MessageList {
  readonly messages: readonly StoredMessage[]
  /** Whether live messages were left out at the end. */
  readonly more: boolean
}

/** Times of a live message. */
export interface MessageTimes {
  readonly timestamp: number
  readonly expiry: number
}

/** Which messages a bulk operation is about. */
export interface MessageRange {
  readonly namespace: number | 'all'
  /** Only messages whose message time is at most this; all when absent. */
  readonly until?: number
}

/** Hashes of the messages that an operation has changed, in any order, by namespace; namespaces without one are absent. */
export type HashesByNamespace = ReadonlyMap<number, readonly string[]>

/** What a mailbox takes up: live messages, and expired ones that are not swept yet. */
export interface MailboxUsage {
  readonly messages: number
  /** Sum of the lengths of their data. */
  readonly bytes: number
}

/** How much one mailbox may hold. */
export interface MailboxQuota {
  readonly messages: number
  readonly bytes: number
}

/**
 * Decides on new expiries: it is given the times of those of the wanted messages that are live and says what each shall be; a
 * message that it does not name is left. It must be pure, since a store may call it again when another writer was faster.
 */
export type PlanExpiries = (stored: ReadonlyMap<string, MessageTimes>) => ReadonlyMap<string, number>

/**
 * Port: the messages of accounts, their revoked tokens, and the outbox of events about new messages.
 *
 * Every method that changes something returns only once the change is durable, and changes all or nothing. The order of insertion is
 * total and stable within a mailbox. Nothing expired is ever returned or counted as there: a message that is stored again after
 * its expiry is new. Rejects with `StoreUnavailableError`, `StoreFullError` or `StoreCorruptError`.
 */
export interface Mailboxes {
  /** Stores a message, judged at `now`. What exceeds the quota is removed oldest first, in order of insertion, protected ones excepted. */
  store(message: NewMessage, now: number): Promise<StoreOutcome>
  /** The live messages that `query` wants, in order of insertion. */
  retrieve(query: MessageQuery, now: number): Promise<MessageList>
  /** Removes live messages by hash, in whatever namespace; the hashes of those that were there. */
  delete(account: AccountHex, hashes: readonly string[], now: number): Promise<readonly string[]>
  /** Removes the live messages in a range. */
  deleteRange(account: AccountHex, range: MessageRange, now: number): Promise<HashesByNamespace>
  /** Gives the live messages of a namespace, or of all, that expire after `expiry` this expiry. One that lies before `now` removes them from sight at once. */
  shorten(account: AccountHex, namespace: number | 'all', expiry: number, now: number): Promise<HashesByNamespace>
  /** The times of those of the messages that are live. */
  times(account: AccountHex, hashes: readonly string[], now: number): Promise<ReadonlyMap<string, MessageTimes>>
  /** Changes expiries as `plan` says, with no other change in between; resolves with the times that `plan` was given last. */
  changeExpiries(
    account: AccountHex,
    hashes: readonly string[],
    plan: PlanExpiries,
    now: number,
  ): Promise<ReadonlyMap<string, MessageTimes>>
  /** Revoked tokens, the most recently revoked last. They stay when the last message of the account goes. */
  revokedTokens(account: AccountHex): Promise<readonly Uint8Array[]>
  /** Puts tokens at the end of the list; one that is on it already moves. Only the last `keep` stay. */
  revoke(account: AccountHex, tokens: readonly Uint8Array[], keep: number): Promise<void>
  /** Takes tokens off the list; how many of them were on it. */
  unrevoke(account: AccountHex, tokens: readonly Uint8Array[]): Promise<number>
  usage(account: AccountHex): Promise<MailboxUsage>
  /** Removes up to `limit` messages with `expiry <= now`; how many. Fewer than `limit` means done. */
  removeExpired(now: number, limit: number): Promise<number>
  /** Up to `limit` of the oldest entries of the outbox that were written before `writtenBefore` (milliseconds, by the `now` of their store). */
  outbox(writtenBefore: number, limit: number): Promise<readonly OutboxEntry[]>
  /** Forgets entries of the outbox that are published; unknown ids are ignored. */
  removeFromOutbox(ids: readonly string[]): Promise<void>
  /** Answers when the store can serve; rejects with `StoreUnavailableError` otherwise. */
  check(): Promise<void>
  close(): Promise<void>
}
