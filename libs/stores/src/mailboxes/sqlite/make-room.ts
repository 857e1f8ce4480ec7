import type { MailboxQuota } from '../mailboxes.ts'

/** What the messages of a mailbox take up. */
export interface Holding {
  readonly messages: number
  /** Sum of the lengths of their data. */
  readonly bytes: number
  /** What protected messages have of it. */
  readonly protectedMessages: number
  readonly protectedBytes: number
}

/** How much has to go. */
export interface Excess {
  readonly messages: number
  readonly bytes: number
}

export const EMPTY: Holding = { messages: 0, bytes: 0, protectedMessages: 0, protectedBytes: 0 }

export function without(holding: Holding, part: Holding): Holding {
  return {
    messages: holding.messages - part.messages,
    bytes: holding.bytes - part.bytes,
    protectedMessages: holding.protectedMessages - part.protectedMessages,
    protectedBytes: holding.protectedBytes - part.protectedBytes,
  }
}

/**
 * How much of what a mailbox holds has to go for one message of `size` bytes: nothing when both members are 0 or less. Undefined when
 * even without all that is not protected there is no room.
 */
export function excessWith(size: number, holding: Holding, quota: MailboxQuota): Excess | undefined {
  if (holding.protectedMessages + 1 > quota.messages || holding.protectedBytes + size > quota.bytes) return undefined
  return { messages: holding.messages + 1 - quota.messages, bytes: holding.bytes + size - quota.bytes }
}
