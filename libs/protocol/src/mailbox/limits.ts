/** Most bytes of message data (mailbox RPC §7.3). */
export const MAX_MESSAGE_LENGTH = 76_800
/** Most characters of message data in base64 (mailbox RPC §4.1). */
export const MAX_MESSAGE_TEXT_LENGTH = 102_400
/** Shortest time to live, in milliseconds (mailbox RPC §4.1). */
export const MIN_TTL_MS = 10_000
/** Longest time to live in a public inbox, in milliseconds (mailbox RPC §3). */
export const MAX_PUBLIC_INBOX_TTL_MS = 14 * 86_400_000
/** Longest time to live elsewhere, and how far `expire` can move an expiry into the future, in milliseconds (mailbox RPC §3, §4.7). */
export const MAX_TTL_MS = 30 * 86_400_000
/** How far a message time may lie ahead and an expiry behind, in milliseconds (mailbox RPC §4.1). */
export const STORE_TOLERANCE_MS = 10_000
/** How far a signature time may be off, in milliseconds, inclusive (mailbox RPC §7.3). */
export const SIGNATURE_TOLERANCE_MS = 60_000
/** The same for what another node of the swarm passes on, in milliseconds (mailbox RPC §4.4). */
export const FORWARDED_TOLERANCE_MS = 70_000
/** Largest cost of the messages in one `retrieve` reply (mailbox RPC §4.2). */
export const MAX_RETRIEVE_SIZE = 7_800_000
/** Most requests in one `batch` or `sequence` (mailbox RPC §7.3). */
export const MAX_SUBREQUESTS = 20
/** Most tokens in one revocation and in the list of one account (mailbox RPC §7.3). */
export const MAX_REVOKED_TOKENS = 50
/** Longest `wait` of a `retrieve`, in milliseconds; an extension that other servers ignore. */
export const MAX_WAIT_MS = 20_000
/**
 * Deepest nesting of `ifelse` in `ifelse`. The specification has no limit; without one a request of the permitted length could
 * exhaust the stack.
 */
export const MAX_IFELSE_DEPTH = 8
/** Smallest number that is taken as a time in milliseconds; smaller ones are seconds by mistake (mailbox RPC §2.3). */
export const MIN_TIMESTAMP_MS = 1_000_000_000
