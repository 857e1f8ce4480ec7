import type { Crypto, Ed25519Signer } from '#crypto'
import type { Signatures } from './signatures.ts'

/** Signs and verifies on the event loop. */
export class LoopSignatures implements Signatures {
  constructor(private readonly crypto: Crypto) {}

  async sign(_hash: string, signers: readonly Ed25519Signer[]): Promise<readonly Ed25519Signer[]> {
    return signers
  }

  async verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): Promise<boolean> {
    return this.crypto.ed25519.verify(signature, message, publicKey)
  }

  async close(): Promise<void> {}
}
