import { hchacha } from '@noble/ciphers/chacha.js'

const SIGMA = new Uint32Array(new TextEncoder().encode('expand 32-byte k').buffer)

/** The 32-byte subkey that HChaCha20 derives from a 32-byte key and 16 bytes of nonce (draft-irtf-cfrg-xchacha-03 §2.2). */
export function hchacha20(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const subkey = new Uint8Array(32)
  // Copies, because a view of 32-bit words needs an aligned start.
  const keyWords = new Uint32Array(new Uint8Array(key).buffer)
  const nonceWords = new Uint32Array(new Uint8Array(nonce).buffer)
  hchacha(SIGMA, keyWords, nonceWords, new Uint32Array(subkey.buffer))
  keyWords.fill(0)
  return subkey
}
