import { createHash } from 'node:crypto'

import { type Ed25519, type Ed25519Signer, type RandomSource } from '../crypto.ts'
import { InvalidPublicKeyError } from '../errors.ts'
import { sodium } from './sodium.ts'

/** Ed25519 by libsodium. */
export function createEd25519({ randomBytes }: RandomSource): Ed25519 {
  return {
    generateKeyPair() {
      const privateKey = randomBytes(32)
      return { publicKey: createSigner(privateKey).publicKey, privateKey }
    },
    publicKey: (seed) => createSigner(seed).publicKey,
    sign: (message, seed) => createSigner(seed).sign(message),
    createSigner,
    verify: (signature, message, publicKey) => sodium.crypto_sign_verify_detached(signature, message, publicKey),
    isValidPublicKey: (publicKey) => sodium.crypto_core_ed25519_is_valid_point(publicKey),
    toX25519PublicKey(publicKey) {
      const bytes = new Uint8Array(32)
      try {
        sodium.crypto_sign_ed25519_pk_to_curve25519(bytes, publicKey)
      } catch (cause) {
        throw new InvalidPublicKeyError('publicKey is no point of the main subgroup', { cause })
      }
      return bytes
    },
    toX25519PrivateKey(seed) {
      const bytes = Uint8Array.from(createHash('sha512').update(seed).digest().subarray(0, 32))
      bytes[0]! &= 248
      bytes[31] = (bytes[31]! & 127) | 64
      return bytes
    },
  }
}

function createSigner(seed: Uint8Array): Ed25519Signer {
  const publicKey = new Uint8Array(32)
  const secretKey = new Uint8Array(64)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
  return {
    publicKey,
    sign(message) {
      const signature = new Uint8Array(64)
      sodium.crypto_sign_detached(signature, message, secretKey)
      return signature
    },
  }
}
