import type { Ed25519Signer } from '#crypto'

/** Makes and verifies signatures, which takes longer than everything else that most requests need. */
export interface Signatures {
  /**
   * Makes the signatures of nodes over a stored message. Whoever asks before it writes has them made while the message becomes durable.
   * Never rejects.
   *
   * @param hash of the message, which is what nodes sign (mailbox RPC §4.1)
   * @returns the signers in the same order; each may know its signature over the hash already
   */
  sign(hash: string, signers: readonly Ed25519Signer[]): Promise<readonly Ed25519Signer[]>
  /**
   * Whether an Ed25519 signature is valid. Never rejects.
   *
   * @param signature 64 bytes
   * @param publicKey 32 bytes
   */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): Promise<boolean>
  close(): Promise<void>
}
