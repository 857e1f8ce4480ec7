/** What is to be signed by the thread, in order. */
export interface SigningRequest {
  readonly texts: readonly string[]
  /** For each text, the numbers of the seeds that sign it. */
  readonly seeds: readonly (readonly number[])[]
}

/** The signatures of a `SigningRequest`, 64 bytes each, one after the other. The thread answers its requests in their order. */
export type SigningAnswer = Uint8Array<ArrayBuffer>

export const SIGNATURE_LENGTH = 64
