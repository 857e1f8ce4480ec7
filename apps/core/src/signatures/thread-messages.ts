/** What the thread is to do, in order. */
export interface SignatureRequest {
  readonly texts: readonly string[]
  /** For each text, the numbers of the seeds that sign it. */
  readonly seeds: readonly (readonly number[])[]
  /** What is to be verified, one after the other: signature (64 bytes) ‖ public key (32) ‖ message. */
  readonly claims: Uint8Array<ArrayBuffer>
  /** Lengths of the messages in `claims`. */
  readonly lengths: readonly number[]
}

/** The thread answers its requests in their order. */
export interface SignatureAnswer {
  /** 64 bytes for each text and seed. */
  readonly signatures: Uint8Array<ArrayBuffer>
  /** 1 for each claim that is valid, 0 for the others. */
  readonly verdicts: Uint8Array<ArrayBuffer>
}

export const SIGNATURE_LENGTH = 64
export const KEY_LENGTH = 32
