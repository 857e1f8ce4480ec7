import { createHmac, createSecretKey, hash } from 'node:crypto'

/** SHA-256 (FIPS 180-4): 32 bytes. */
export function sha256(message: Uint8Array): Uint8Array {
  return hash('sha256', message, 'buffer')
}

/** SHA-512 (FIPS 180-4): 64 bytes. */
export function sha512(message: Uint8Array): Uint8Array {
  return hash('sha512', message, 'buffer')
}

/** HMAC-SHA-256 (RFC 2104): 32 bytes. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac('sha256', createSecretKey(key)).update(message).digest()
}

/** HMAC-SHA-512 (RFC 2104): 64 bytes. */
export function hmacSha512(key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac('sha512', createSecretKey(key)).update(message).digest()
}
