import { utf8 } from '#crypto'
import { decodeBase64Bytes, encodeBase64Bytes } from '../onion/base64-bytes.ts'

const ascii = new TextDecoder()

/** Padded standard base64 of `bytes` (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  return ascii.decode(encodeBase64Bytes(bytes))
}

/** Bytes of a standard base64 text, padded or not; undefined when it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  return decodeBase64Bytes(utf8(text))
}
