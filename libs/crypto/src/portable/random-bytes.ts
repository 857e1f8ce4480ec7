// The most that one call of getRandomValues gives (Web Cryptography API §10.1.1).
const MOST_PER_CALL = 65_536

/** `length` bytes of the platform's cryptographic randomness. */
export function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let offset = 0; offset < length; offset += MOST_PER_CALL) {
    globalThis.crypto.getRandomValues(bytes.subarray(offset, offset + MOST_PER_CALL))
  }
  return bytes
}
