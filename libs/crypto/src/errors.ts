/** Base of every error this library throws; `code` is listed in docs/errors.md. */
export abstract class CryptoError extends Error {
  abstract readonly code: string
}

/** An argument has the wrong type or length. The message names the argument, never its value. */
export class CryptoArgumentError extends CryptoError {
  override readonly name = 'CryptoArgumentError'
  readonly code = 'CRYPTO_ARGUMENT'
}

/**
 * Ciphertext, key, nonce or tag do not belong together. Deliberately one error with one message for every cause, and without
 * the library's own error as `cause`: that one would tell bad padding from a bad tag or length.
 */
export class DecryptionError extends CryptoError {
  override readonly name = 'DecryptionError'
  readonly code = 'CRYPTO_DECRYPTION_FAILED'
  constructor(options?: ErrorOptions) {
    super('decryption failed', options)
  }
}

/** A public key is no usable curve point: not on the curve, or of low order so that the shared secret would be zero. */
export class InvalidPublicKeyError extends CryptoError {
  override readonly name = 'InvalidPublicKeyError'
  readonly code = 'CRYPTO_INVALID_PUBLIC_KEY'
}

/** A hash, cipher or stream object was used after it had given its last result. */
export class CryptoStateError extends CryptoError {
  override readonly name = 'CryptoStateError'
  readonly code = 'CRYPTO_STATE'
}
