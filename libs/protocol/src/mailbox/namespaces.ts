import { MAX_PUBLIC_INBOX_TTL_MS, MAX_TTL_MS } from './limits.ts'

/** Smallest and largest namespace: 16 bits, signed (mailbox RPC §2.3). */
export const MIN_NAMESPACE = -32_768
export const MAX_NAMESPACE = 32_767

/** The namespaces in use (mailbox RPC §3). */
export const Namespace = {
  Messages: 0,
  UserProfile: 2,
  Contacts: 3,
  ConversationInfo: 4,
  UserGroups: 5,
  GroupMessages: 11,
  GroupKeys: 12,
  GroupInfo: 13,
  GroupMembers: 14,
  LegacyGroup: -10,
  RevokedMembers: -11,
} as const

/** Anybody may store: multiples of ten, negative ones too (mailbox RPC §3). */
export function isPublicInbox(namespace: number): boolean {
  return namespace % 10 === 0
}

/** Anybody may retrieve, and one message is held: −1, −21, −41 … (mailbox RPC §3). */
export function isPublicOutbox(namespace: number): boolean {
  return namespace < 0 && -namespace % 20 === 1
}

/** Revoked subaccounts may still retrieve: −11, −111, −211 … (mailbox RPC §3). */
export function isUnrevocable(namespace: number): boolean {
  return namespace < 0 && -namespace % 100 === 11
}

const CONFIGURATION: ReadonlySet<number> = new Set([
  Namespace.UserProfile,
  Namespace.Contacts,
  Namespace.ConversationInfo,
  Namespace.UserGroups,
  Namespace.GroupKeys,
  Namespace.GroupInfo,
  Namespace.GroupMembers,
])

/** What a client cannot make up for when it is lost: the configuration of a user's devices or of a group (mailbox RPC §3). */
export function isConfiguration(namespace: number): boolean {
  return CONFIGURATION.has(namespace)
}

/** Whether messages are given to whoever asks: public outboxes and the legacy group box (mailbox RPC §3). */
export function isRetrievableByAnyone(namespace: number): boolean {
  return namespace === Namespace.LegacyGroup || isPublicOutbox(namespace)
}

/** Longest time to live in a namespace, in milliseconds (mailbox RPC §3). */
export function maxTtl(namespace: number): number {
  return isPublicInbox(namespace) ? MAX_PUBLIC_INBOX_TTL_MS : MAX_TTL_MS
}

/** How a namespace appears in signed texts and message hashes: decimal, but empty for 0 (mailbox RPC §2.2). */
export function namespaceText(namespace: number | 'all'): string {
  return namespace === 0 ? '' : String(namespace)
}
