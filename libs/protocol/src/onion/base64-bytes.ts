import { hostBase64 } from './host-base64.ts'

/** Standard base64 (RFC 4648 §4) of long data, from bytes to the bytes of the text. */

const ALPHABET = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const PADDING = 0x3d
const INVALID = 0xff
const VALUES = new Uint8Array(256).fill(INVALID)
ALPHABET.forEach((digit, value) => (VALUES[digit] = value))
/** Both digits of every 12-bit group. */
const PAIRS = new Uint8Array(2 * 4096)
for (let group = 0; group < 4096; group++) {
  PAIRS[2 * group] = digit(group >> 6)
  PAIRS[2 * group + 1] = digit(group)
}

/** ASCII bytes of the padded base64 text of `bytes`. */
export function encodeBase64Bytes(bytes: Uint8Array): Uint8Array {
  return hostBase64 === undefined ? encodePortably(bytes) : hostBase64.encodeBytes(bytes)
}

/** Bytes of the ASCII bytes of a base64 text, padded or not; undefined when it is none. */
export function decodeBase64Bytes(text: Uint8Array): Uint8Array | undefined {
  return hostBase64 === undefined ? decodePortably(text) : hostBase64.decodeBytes(text)
}

/** `encodeBase64Bytes` for hosts that have no base64 of their own. */
export function encodePortably(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3))
  const whole = bytes.length - (bytes.length % 3)
  let at = 0
  for (let i = 0; i < whole; i += 3) {
    const group = (byte(bytes, i) << 16) | (byte(bytes, i + 1) << 8) | byte(bytes, i + 2)
    const high = (group >> 12) << 1
    const low = (group & 0xfff) << 1
    text[at++] = byte(PAIRS, high)
    text[at++] = byte(PAIRS, high + 1)
    text[at++] = byte(PAIRS, low)
    text[at++] = byte(PAIRS, low + 1)
  }
  if (whole < bytes.length) {
    const two = whole + 2 === bytes.length
    const group = (byte(bytes, whole) << 16) | (two ? byte(bytes, whole + 1) << 8 : 0)
    text[at++] = digit(group >> 18)
    text[at++] = digit(group >> 12)
    text[at++] = two ? digit(group >> 6) : PADDING
    text[at] = PADDING
  }
  return text
}

/** `decodeBase64Bytes` for hosts that have no base64 of their own. */
export function decodePortably(text: Uint8Array): Uint8Array | undefined {
  const length = unpaddedLength(text)
  if (length === undefined) return undefined
  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  let held = 0
  let at = 0
  for (let i = 0; i < length; i++) {
    const value = byte(VALUES, byte(text, i))
    if (value === INVALID) return undefined
    held = ((held << 6) | value) & 0xffff
    const place = i & 3
    if (place > 0) bytes[at++] = (held >> (6 - 2 * place)) & 0xff
  }
  return bytes
}

function unpaddedLength(text: Uint8Array): number | undefined {
  let length = text.length
  while (length > text.length - 2 && length > 0 && text[length - 1] === PADDING) length--
  const isPadded = length < text.length
  return length % 4 === 1 || (isPadded && text.length % 4 !== 0) ? undefined : length
}

function digit(value: number): number {
  return byte(ALPHABET, value & 63)
}

/** The byte at `index`, which is known to exist. */
function byte(bytes: Uint8Array, index: number): number {
  return bytes[index] as number
}
