import type { Ed25519Signer } from '#crypto'

/**
 * Makes the signatures of nodes over stored messages, the work that takes longest of a `store`. Whoever asks before it writes has them made
 * while the message becomes durable.
 */
export interface StoreSigner {
  /**
   * Never rejects.
   *
   * @param hash of the message, which is what nodes sign (mailbox RPC §4.1)
   * @returns the signers in the same order; each may know its signature over the hash already
   */
  sign(hash: string, signers: readonly Ed25519Signer[]): Promise<readonly Ed25519Signer[]>
  close(): Promise<void>
}

/** Signs on the event loop, when the reply is made. */
export const loopSigner: StoreSigner = {
  sign: async (_hash, signers) => signers,
  close: async () => {},
}
