import type { MailboxQuota, NewMessage, StoreOutcome } from '../mailboxes.ts'
import { EMPTY, excessWith, type Holding, without } from './make-room.ts'
import type { MailboxRow } from './mailbox-table.ts'
import type { MessageRow } from './message-table.ts'
import type { Tables } from './tables.ts'

/** Stores a message and its event, or the later expiry of one that is there, inside a transaction of the caller. */
export function storeMessage(tables: Tables, message: NewMessage, quota: MailboxQuota, now: number): StoreOutcome {
  const mailbox = tables.mailboxes.find(message.account)
  const known = mailbox && tables.messages.find(mailbox.number, message.hash)
  if (known !== undefined && known.expiry > now) {
    const expiry = Math.max(known.expiry, message.expiry)
    if (expiry !== known.expiry) tables.messages.setExpiry(known.sequence, expiry)
    return { outcome: 'known', expiry }
  }
  const excess = excessWith(message.data.length, remaining(tables, message, mailbox, known), quota)
  if (excess === undefined) return { outcome: 'refused' }
  const number = countedMailbox(tables, message, mailbox, known)
  const sequence = tables.messages.add(number, message)
  if (message.replacesNamespace) tables.messages.removeBefore(number, message.namespace, sequence)
  const isOver = excess.messages > 0 || excess.bytes > 0
  const evicted = isOver ? tables.messages.evict(number, sequence, excess) : 0
  return { outcome: 'stored', expiry: message.expiry, outboxId: tables.outbox.add(message.event, now), evicted }
}

/** What the mailbox holds without what the message takes the place of. */
function remaining(
  { messages }: Tables,
  { namespace, hash, replacesNamespace }: NewMessage,
  mailbox: MailboxRow | undefined,
  expired: MessageRow | undefined,
): Holding {
  if (mailbox === undefined) return EMPTY
  const others = expired === undefined ? mailbox : without(mailbox, holdingOf(expired))
  return replacesNamespace ? without(others, messages.measure(mailbox.number, namespace, hash)) : others
}

/** The number of the mailbox after it has lost the expired message of the same hash and counts the new one. */
function countedMailbox(
  { mailboxes, messages }: Tables,
  message: NewMessage,
  mailbox: MailboxRow | undefined,
  expired: MessageRow | undefined,
): number {
  if (expired !== undefined) messages.remove(expired.sequence)
  // The mailbox goes with its last message.
  const isGone = expired !== undefined && mailbox?.messages === 1
  if (mailbox === undefined || isGone) return mailboxes.create(message)
  mailboxes.count(mailbox.number, message)
  return mailbox.number
}

function holdingOf({ size, isProtected }: MessageRow): Holding {
  return { messages: 1, bytes: size, protectedMessages: isProtected, protectedBytes: isProtected * size }
}
