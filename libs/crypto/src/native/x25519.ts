import { type RandomSource, type X25519 } from '../crypto.ts'
import { InvalidPublicKeyError } from '../errors.ts'
import { sodium } from './sodium.ts'

/** X25519 by libsodium. */
export function createX25519({ randomBytes }: RandomSource): X25519 {
  const publicKey = (privateKey: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(32)
    sodium.crypto_scalarmult_base(bytes, privateKey)
    return bytes
  }
  return {
    generateKeyPair() {
      const privateKey = randomBytes(32)
      return { publicKey: publicKey(privateKey), privateKey }
    },
    publicKey,
    sharedSecret(privateKey, otherPublicKey) {
      const secret = new Uint8Array(32)
      try {
        sodium.crypto_scalarmult(secret, privateKey, otherPublicKey)
      } catch (cause) {
        throw new InvalidPublicKeyError('publicKey is of low order', { cause })
      }
      return secret
    },
  }
}
