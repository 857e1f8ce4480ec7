import type { EncryptionType } from '#protocol'

/** A layer for one node, however it came: from a client, from another operator's node or from an own one. */
export interface OnionRequest {
  /** The layer. Its memory is given up: a long one is decrypted in place. */
  readonly sealed: Uint8Array
  readonly encryptionType: EncryptionType
  /** 32 bytes. */
  readonly ephemeralKey: Uint8Array
  /** How many nodes it has passed. */
  readonly hopNumber: number
}
