import { utf8 } from '#crypto'
import { decodePortably, encodePortably } from '../onion/base64-bytes.ts'
import { hostBase64 } from '../onion/host-base64.ts'

const ascii = new TextDecoder()

/** Padded standard base64 of `bytes` (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  return hostBase64 === undefined ? ascii.decode(encodePortably(bytes)) : hostBase64.encode(bytes)
}

/** Bytes of a standard base64 text, padded or not; undefined when it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  return hostBase64 === undefined ? decodePortably(utf8(text)) : hostBase64.decode(text)
}
