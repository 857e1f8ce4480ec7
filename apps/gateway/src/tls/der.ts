import { concat, utf8 } from '#crypto'

/** The few forms of DER (ITU-T X.690) that a self-signed certificate consists of. */

/** A SEQUENCE of encoded elements. */
export function sequence(...elements: readonly Uint8Array[]): Uint8Array {
  return element(0x30, concat(...elements))
}

/** A SET of encoded elements. */
export function set(...elements: readonly Uint8Array[]): Uint8Array {
  return element(0x31, concat(...elements))
}

/** A positive INTEGER of big-endian bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  const [first = 0] = bytes
  return element(0x02, first > 0x7f ? concat(new Uint8Array(1), bytes) : bytes)
}

/** A BIT STRING of whole bytes. */
export function bitString(bytes: Uint8Array): Uint8Array {
  return element(0x03, concat(new Uint8Array(1), bytes))
}

/** An OBJECT IDENTIFIER in dotted form. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Uint8Array.from([40 * first + second, ...rest.flatMap(base128)]))
}

/** A UTF8String. */
export function text(value: string): Uint8Array {
  return element(0x0c, utf8(value))
}

/** A UTCTime up to 2049 and a GeneralizedTime after, as RFC 5280 §4.1.2.5 wants it; to the second. */
export function time(date: Date): Uint8Array {
  const digits = `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  return date.getUTCFullYear() < 2050 ? element(0x17, utf8(digits.slice(2))) : element(0x18, utf8(digits))
}

/** The element that the context gives this number, with `content` encoded explicitly. */
export function explicit(number: number, content: Uint8Array): Uint8Array {
  return element(0xa0 | number, content)
}

function element(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content
  const header =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
  return concat(Uint8Array.from(header), content)
}

function base128(value: number): number[] {
  const digits = [value & 0x7f]
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80)
  return digits
}
