import type { AccountId, RequestSigner } from '#protocol'

/** A message of which the user is to be told, by whatever way it came. */
export interface MessageNotice {
  readonly account: AccountId
  readonly namespace: number
  /** 43 base64 characters; proved by the body. */
  readonly hash: string
  /** The sender's time, in milliseconds. */
  readonly timestamp: number
  /** In milliseconds; undefined when a notification does not say it. */
  readonly expiry: number | undefined
  /** The message as it is stored, at most 76,800 bytes. */
  readonly body: Uint8Array
  readonly way: 'push' | 'mailbox'
}

/** Takes a message over. A message whose handler throws counts as not seen and comes again. */
export type NoticeHandler = (notice: MessageNotice) => void | Promise<void>

/** An account and the parts of its mailbox that are wanted, ascending and without duplicates. */
export interface NoticeSource {
  readonly signer: RequestSigner
  readonly namespaces: readonly number[]
}

/**
 * New messages of some accounts, in fast mode (woken by a push service) or in slow mode (by asking the network). Both hand messages over one after
 * the other, those of a namespace in the order of the mailbox where they are read from it, and call none seen before its handler has resolved.
 */
export interface MessageNotices {
  /** Begins. Throws `NoticesStateError` when it has begun already. */
  start(handler: NoticeHandler): Promise<void>
  /** Ends; resolves when nothing is under way any more, so a handler must not await it. Does nothing when it has not begun. */
  stop(): Promise<void>
}
