import type { AccountId } from '#protocol'
import type { OutboxEntry } from '#stores'

/** Who is told of messages that have just been committed. */
export interface NewMessages {
  /** Wakes whoever waits for the message and has its event published; never throws. */
  stored(
    message: { readonly account: AccountId; readonly namespace: number },
    event: OutboxEntry,
    outcome: { readonly evicted: number },
  ): void
}
