/** Longest body of a request to the push service, in bytes (push §1.2). */
export const MAX_PUSH_REQUEST_LENGTH = 100_000
/** Most requests in one array; clients send at most 100 (push §8). The specification has no limit beside the length of the body. */
export const MAX_PUSH_REQUESTS = 1_000
/** Deepest nesting of a request's JSON; what clients send has four levels. The specification has no limit. */
export const MAX_PUSH_NESTING = 16
/** How old the signature of a subscription may be, exclusive, and how long the subscription lives from it, in seconds (push §2.4, §4). */
export const PUSH_SUBSCRIPTION_LIFETIME_S = 14 * 86_400
/** How far a signature may lie ahead, and how old that of an unsubscription may be, in seconds (push §2.4). */
export const PUSH_CLOCK_TOLERANCE_S = 86_400
/** Shortest and longest device token, in bytes of UTF-8 (push §2.5). */
export const MIN_DEVICE_TOKEN_LENGTH = 32
export const MAX_DEVICE_TOKEN_LENGTH = 999
/** Longest message body that is part of a payload, in bytes (push §6). */
export const MAX_PUSH_BODY = 2_500
/** Plaintexts are padded to a multiple of this many bytes (push §6). */
export const PUSH_PADDING = 256
/** Length of the longest padded plaintext, in bytes: padding all to it hides how long each body is (push §6). */
export const MAX_PUSH_PLAINTEXT = 2_816
/** Characters of the longest payload in base64 (push §6). */
export const MAX_PUSH_PAYLOAD_TEXT = 3_808
