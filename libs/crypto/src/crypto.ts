/**
 * The one interface behind which all primitives live. `#crypto/native/index` implements it for servers, `#crypto/portable/index`
 * for browsers; both give the same bytes, and each is tested against the other.
 *
 * Every function asserts the length of its arguments and throws `CryptoArgumentError` naming the argument that is wrong.
 * What is returned may be a `Buffer`, whose `slice` is a view: copy with `Uint8Array.from`. Arguments are never kept or changed.
 * A hash, encryptor or decryptor that has given its last result throws `CryptoStateError` from then on.
 */
export interface Crypto {
  readonly implementation: 'native' | 'portable'
  /** `length` unpredictable bytes. */
  randomBytes(length: number): Uint8Array
  /** Compares in time that depends on the lengths only; false when the lengths differ. */
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean

  readonly x25519: X25519
  readonly ed25519: Ed25519
  /** AES-256-GCM, 12-byte nonce, 16-byte tag (NIST SP 800-38D). */
  readonly aes256Gcm: Aead
  /** AES-256-CBC with PKCS#7 padding (NIST SP 800-38A, RFC 5652 §6.3). No authentication of its own. */
  readonly aes256Cbc: BlockCipher
  /** XChaCha20-Poly1305, IETF layout, 24-byte nonce, 16-byte tag (draft-irtf-cfrg-xchacha-03). */
  readonly xchacha20Poly1305: Aead
  /** libsodium's `crypto_secretstream_xchacha20poly1305`, with a header given by the caller. */
  readonly secretStream: SecretStream

  /** BLAKE2b (RFC 7693) of `message` in one go. */
  blake2b(message: Uint8Array, options: Blake2bOptions): Uint8Array
  /** BLAKE2b fed piece by piece. */
  createBlake2b(options: Blake2bOptions): IncrementalHash
  sha256(message: Uint8Array): Uint8Array
  sha512(message: Uint8Array): Uint8Array
  /** HMAC-SHA-256 (RFC 2104): key of any length, 32 bytes out. */
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array
  /** HMAC-SHA-512 (RFC 2104): key of any length, 64 bytes out. */
  hmacSha512(key: Uint8Array, message: Uint8Array): Uint8Array
}

/** A pair of raw 32-byte keys. */
export interface KeyPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

/** X25519 (RFC 7748 §5). */
export interface X25519 {
  /** A fresh random pair. */
  generateKeyPair(): KeyPair
  /** The 32-byte public key of a 32-byte private key. */
  publicKey(privateKey: Uint8Array): Uint8Array
  /** The 32-byte shared secret. Throws `InvalidPublicKeyError` when it would be all zero (RFC 7748 §6.1). */
  sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array
}

/** Ed25519 (RFC 8032 §5.1); a private key is its 32-byte seed. */
export interface Ed25519 {
  /** A fresh random pair; `privateKey` is the seed. */
  generateKeyPair(): KeyPair
  /** The 32-byte public key of a 32-byte seed. */
  publicKey(seed: Uint8Array): Uint8Array
  /** A 64-byte detached signature. */
  sign(message: Uint8Array, seed: Uint8Array): Uint8Array
  /** Signs many messages with one 32-byte seed: what belongs to the key is computed once. */
  createSigner(seed: Uint8Array): Ed25519Signer
  /** Whether `signature` (64 bytes) is `publicKey`'s over `message`. False, never an error, for a point that is invalid. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
  /** Whether 32 bytes are an acceptable public key: a canonical point of the main subgroup, not of small order. */
  isValidPublicKey(publicKey: Uint8Array): boolean
  /** Birational conversion to the X25519 public key. Throws `InvalidPublicKeyError`. */
  toX25519PublicKey(publicKey: Uint8Array): Uint8Array
  /** The clamped X25519 private key of an Ed25519 seed (first half of its SHA-512). */
  toX25519PrivateKey(seed: Uint8Array): Uint8Array
}

/** One Ed25519 key, ready to sign. */
export interface Ed25519Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** A 64-byte detached signature. */
  sign(message: Uint8Array): Uint8Array
}

/** Authenticated encryption whose output is ciphertext ‖ 16-byte tag. */
export interface Aead {
  readonly keyLength: 32
  readonly nonceLength: number
  readonly tagLength: 16
  encrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associatedData?: Uint8Array): Uint8Array
  /** Throws `DecryptionError` for whatever cause. */
  decrypt(key: Uint8Array, nonce: Uint8Array, ciphertextAndTag: Uint8Array, associatedData?: Uint8Array): Uint8Array
  /** Encrypts a long text piece by piece. The portable implementation holds everything back until `final`. */
  createEncryptor(key: Uint8Array, nonce: Uint8Array): AeadEncryptor
  /**
   * Decrypts a long text piece by piece. What `update` returns is not authenticated before `final` returns: a caller
   * must be able to undo everything it did with it. The portable implementation holds everything back until `final`.
   */
  createDecryptor(key: Uint8Array, nonce: Uint8Array): AeadDecryptor
}

export interface AeadEncryptor {
  /** Ciphertext so far available; as long as `plaintext` natively, empty in the portable implementation. */
  update(plaintext: Uint8Array): Uint8Array
  /** What is left of the ciphertext ‖ 16-byte tag. */
  final(): Uint8Array
}

export interface AeadDecryptor {
  /** Unauthenticated plaintext so far available. `ciphertext` excludes the tag. */
  update(ciphertext: Uint8Array): Uint8Array
  /** What is left of the plaintext; throws `DecryptionError` when `tag` (16 bytes) does not fit. */
  final(tag: Uint8Array): Uint8Array
}

export interface BlockCipher {
  readonly keyLength: 32
  readonly ivLength: 16
  encrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array
  /** Throws `DecryptionError` when the length or the padding is wrong. */
  decrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array
}

export interface Blake2bOptions {
  /** Digest length in bytes, 1 to 64. */
  readonly length: number
  /** 1 to 64 bytes. */
  readonly key?: Uint8Array
  /** Exactly 16 bytes. */
  readonly salt?: Uint8Array
  /** Exactly 16 bytes. */
  readonly personalization?: Uint8Array
}

export interface IncrementalHash {
  update(data: Uint8Array): this
  /** The digest; the object must not be used afterwards. */
  digest(): Uint8Array
}

/** Where an implementation takes its randomness from; for tests and for platforms with a source of their own. */
export interface RandomSource {
  /** `length` unpredictable bytes. */
  readonly randomBytes: (length: number) => Uint8Array
}

/** Tag of a secretstream message (libsodium's values). */
export const SecretStreamTag = { Message: 0, Push: 1, Rekey: 2, Final: 3 } as const
export type SecretStreamTag = (typeof SecretStreamTag)[keyof typeof SecretStreamTag]

export interface SecretStream {
  readonly keyLength: 32
  readonly headerLength: 24
  /** How much longer a message is than its plaintext: encrypted tag byte plus 16-byte authenticator. */
  readonly overhead: 17
  createPush(key: Uint8Array, header: Uint8Array): SecretStreamPush
  createPull(key: Uint8Array, header: Uint8Array): SecretStreamPull
}

export interface SecretStreamPush {
  /** One message of `plaintext.length + 17` bytes. */
  push(plaintext: Uint8Array, tag: SecretStreamTag): Uint8Array
}

export interface SecretStreamPull {
  /** Plaintext and tag of one message; throws `DecryptionError`. */
  pull(message: Uint8Array): { plaintext: Uint8Array; tag: SecretStreamTag }
}
