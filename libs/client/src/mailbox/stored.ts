import type { SwarmResult } from './replies/swarm-result.ts'

/** A message to be stored. */
export interface OutgoingMessage {
  readonly namespace: number
  /** At most 76,800 bytes. */
  readonly data: Uint8Array
  /** How long it is kept, in milliseconds. */
  readonly ttl: number
  /** The message's own time in milliseconds of the network; default now. */
  readonly timestamp?: number
}

/** What a `store` came to. */
export interface Stored extends SwarmResult {
  /** 43 base64 characters. */
  readonly hash: string
  /** When the message expires, in milliseconds. */
  readonly expiry: number
  /** Whether it was there before. */
  readonly isKnown: boolean
}

/** The hashes of messages that were deleted, or that expire earlier now. */
export interface Affected extends SwarmResult {
  readonly hashes: readonly string[]
}
