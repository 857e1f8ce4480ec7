/** Longest body of a request to a guard, in bytes (onion requests §11). */
export const MAX_ONION_BODY_LENGTH = 10_485_760
/** Longest message of a QUIC request stream, in bytes (onion requests §9). */
export const MAX_STREAM_MESSAGE_LENGTH = 10_000_000
/** Largest `hop_no` a node accepts from another node (onion requests §6.4). */
export const MAX_HOP_NUMBER = 15
/** How long a relay waits for the next node, in milliseconds (onion requests §6.3). */
export const RELAY_TIMEOUT_MS = 30_000
/** How long an exit waits for an external server, in milliseconds (onion requests §5.2). */
export const EXIT_TIMEOUT_MS = 25_000
/**
 * Longest control in bytes. The specification has no limit of its own; clients send less than 1 kB, and a control is
 * parsed as JSON in one go, which must not hold up the event loop.
 */
export const MAX_CONTROL_LENGTH = 65_536
