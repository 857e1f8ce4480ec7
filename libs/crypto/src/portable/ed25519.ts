import { ed25519 } from '@noble/curves/ed25519.js'

import { type Ed25519, type RandomSource } from '../crypto.ts'
import { InvalidPublicKeyError } from '../errors.ts'
import { isValidPublicKey, verify } from './ed25519-verify.ts'

/** Ed25519 by noble, with libsodium's verdicts. */
export function createEd25519({ randomBytes }: RandomSource): Ed25519 {
  return {
    generateKeyPair() {
      const privateKey = randomBytes(32)
      return { publicKey: ed25519.getPublicKey(privateKey), privateKey }
    },
    publicKey: (seed) => ed25519.getPublicKey(seed),
    sign: (message, seed) => ed25519.sign(message, seed),
    createSigner(seed) {
      const ownSeed = new Uint8Array(seed)
      return { publicKey: ed25519.getPublicKey(ownSeed), sign: (message) => ed25519.sign(message, ownSeed) }
    },
    verify,
    isValidPublicKey,
    toX25519PublicKey(publicKey) {
      if (!isValidPublicKey(publicKey)) throw new InvalidPublicKeyError('publicKey is no point of the main subgroup')
      return ed25519.utils.toMontgomery(publicKey)
    },
    toX25519PrivateKey: (seed) => ed25519.utils.toMontgomerySecret(seed),
  }
}
