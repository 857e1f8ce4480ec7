import { BencodeError } from './errors.ts'
import { type BencodeValue, MAX_BENCODE_DEPTH, MAX_BENCODE_INTEGER, MIN_BENCODE_INTEGER } from './value.ts'

const COLON = 0x3a
const MINUS = 0x2d
const DICT = 0x64
const END = 0x65
const INTEGER = 0x69
const LIST = 0x6c
/** A minus and the 20 digits of 2^64. */
const MAX_INTEGER_TEXT_LENGTH = 21
/** Lengths are below 10^10, far above any message. */
const MAX_LENGTH_DIGITS = 10

/**
 * The value that `bytes` encode, all of them. Byte strings are views. Strict: no leading zeros, no `-0`, keys of dicts unique and in
 * byte order, integers within 64 bits, at most `MAX_BENCODE_DEPTH` levels. Throws `BencodeError`.
 */
export function decodeBencode(bytes: Uint8Array): BencodeValue {
  const reader = new Reader(bytes)
  const value = reader.value(0)
  if (reader.offset !== bytes.length) throw new BencodeError(`superfluous bytes at offset ${reader.offset}`)
  return value
}

/** Reads one value after another from bytes it does not copy. */
class Reader {
  readonly #bytes: Uint8Array
  offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  value(depth: number): BencodeValue {
    const first = this.#bytes[this.offset]
    if (first !== LIST && first !== DICT) return first === INTEGER ? this.#integer() : this.#string()
    if (depth === MAX_BENCODE_DEPTH) throw this.#error('too deeply nested value')
    this.offset++
    return first === LIST ? this.#list(depth + 1) : this.#dict(depth + 1)
  }

  #list(depth: number): BencodeValue[] {
    const items: BencodeValue[] = []
    while (!this.#ends()) items.push(this.value(depth))
    return items
  }

  #dict(depth: number): Map<string, BencodeValue> {
    const entries = new Map<string, BencodeValue>()
    let previous: string | undefined
    while (!this.#ends()) {
      const key = this.#key()
      if (previous !== undefined && key <= previous) throw this.#error('key out of order')
      entries.set(key, this.value(depth))
      previous = key
    }
    return entries
  }

  #ends(): boolean {
    if (this.#bytes[this.offset] !== END) return false
    this.offset++
    return true
  }

  #key(): string {
    let key = ''
    for (const byte of this.#string()) key += String.fromCharCode(byte)
    return key
  }

  #integer(): number | bigint {
    const text = this.#textUntil(END, ++this.offset, MAX_INTEGER_TEXT_LENGTH)
    if (!/^(?:0|-?[1-9][0-9]*)$/.test(text)) throw this.#error('malformed integer')
    const exact = BigInt(text)
    if (exact < MIN_BENCODE_INTEGER || exact > MAX_BENCODE_INTEGER) throw this.#error('integer out of bounds')
    const value = Number(exact)
    return Number.isSafeInteger(value) ? value : exact
  }

  #string(): Uint8Array {
    const text = this.#textUntil(COLON, this.offset, MAX_LENGTH_DIGITS)
    if (!/^(?:0|[1-9][0-9]*)$/.test(text)) throw this.#error('malformed length')
    const start = this.offset
    const end = start + Number(text)
    if (end > this.#bytes.length) throw this.#error('truncated string')
    this.offset = end
    return this.#bytes.subarray(start, end)
  }

  /** The digits from `start` to `stop`; moves behind `stop`. */
  #textUntil(stop: number, start: number, limit: number): string {
    let text = ''
    for (let at = start; at <= start + limit; at++) {
      const byte = this.#bytes[at]
      if (byte === stop) {
        this.offset = at + 1
        return text
      }
      if (byte === undefined || (byte !== MINUS && (byte < 0x30 || byte > 0x39))) break
      text += String.fromCharCode(byte)
    }
    throw this.#error('malformed number')
  }

  #error(what: string): BencodeError {
    return new BencodeError(`${what} at offset ${this.offset}`)
  }
}
