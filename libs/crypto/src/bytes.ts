/** Bytes and their text forms: what every codec in Sotto needs, without `Buffer`, so that it runs in a browser too. */

const utf8Encoder = new TextEncoder()
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const DIGITS = '0123456789abcdef'
const hexDecoder = new TextDecoder()
/** The two characters of each byte's hex, in memory order, read as one 16-bit word. */
const HEX_OF_BYTE = new Uint16Array(
  Uint8Array.from({ length: 512 }, (_, i) => DIGITS.charCodeAt(i % 2 === 0 ? i >> 5 : (i >> 1) & 15)).buffer,
)
/** Reused for keys, digests and signatures, which are nearly all that is ever written in hex. */
const scratch = Array.from({ length: 65 }, (_, length) => new Uint16Array(length))
/** Value of each hex digit by its character code, −1 for other characters below 128. */
const VALUE_OF_DIGIT = Int8Array.from({ length: 128 }, (_, code) =>
  DIGITS.indexOf(String.fromCharCode(code).toLowerCase()),
)

/** Lower-case hex of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  const words = scratch[bytes.length] ?? new Uint16Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) words[i] = HEX_OF_BYTE[bytes[i]!]!
  return hexDecoder.decode(words)
}

/** Bytes of a hex text in either case; undefined when the text is not hex or, if `length` is given, not that many bytes. */
export function fromHex(text: string, length?: number): Uint8Array | undefined {
  if (text.length % 2 !== 0 || (length !== undefined && text.length !== 2 * length)) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    // Characters from 128 on lie outside the table; −1 has its sign bit set in whichever half it appears.
    const byte =
      ((VALUE_OF_DIGIT[text.charCodeAt(2 * i)] ?? -1) << 4) | (VALUE_OF_DIGIT[text.charCodeAt(2 * i + 1)] ?? -1)
    if (byte < 0) return undefined
    bytes[i] = byte
  }
  return bytes
}

/** UTF-8 bytes of `text`. */
export function utf8(text: string): Uint8Array {
  return utf8Encoder.encode(text)
}

/** Text of UTF-8 `bytes`; undefined when they are not well-formed UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8Decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** One array with the contents of all `parts`, in order. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/**
 * Frees the memory of `bytes` at once, where they are the only view of it and it is large enough to be worth it; they must not be used
 * afterwards, nor be in the hands of a write that is under way. Left to the garbage collector, pieces of hundreds of megabytes a second make it
 * run all the time.
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  if (byteLength >= 4096 && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
