import { x25519 } from '@noble/curves/ed25519.js'

import { type RandomSource, type X25519 } from '../crypto.ts'
import { InvalidPublicKeyError } from '../errors.ts'

/** X25519 by noble. */
export function createX25519({ randomBytes }: RandomSource): X25519 {
  return {
    generateKeyPair() {
      const privateKey = randomBytes(32)
      return { publicKey: x25519.getPublicKey(privateKey), privateKey }
    },
    publicKey: (privateKey) => x25519.getPublicKey(privateKey),
    sharedSecret(privateKey, otherPublicKey) {
      try {
        return x25519.getSharedSecret(privateKey, otherPublicKey)
      } catch (cause) {
        throw new InvalidPublicKeyError('publicKey is of low order', { cause })
      }
    },
  }
}
