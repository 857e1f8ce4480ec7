import { concat, utf8 } from '#crypto'
import { BencodeError } from './errors.ts'
import { type BencodeInput, MAX_BENCODE_DEPTH, MAX_BENCODE_INTEGER, MIN_BENCODE_INTEGER } from './value.ts'

/** The one strict encoding of `value`: keys of dicts in byte order. Throws `BencodeError` for what has none. */
export function encodeBencode(value: BencodeInput): Uint8Array {
  const parts: Uint8Array[] = []
  append(parts, value, 0)
  return concat(...parts)
}

function append(parts: Uint8Array[], value: BencodeInput, depth: number): void {
  if (typeof value === 'string') appendBytes(parts, utf8(value))
  else if (value instanceof Uint8Array) appendBytes(parts, value)
  else if (typeof value === 'number' || typeof value === 'bigint') parts.push(utf8(`i${integer(value)}e`))
  else if (depth === MAX_BENCODE_DEPTH) throw new BencodeError('the value is nested too deeply')
  else if (isList(value)) {
    parts.push(utf8('l'))
    for (const item of value) append(parts, item, depth + 1)
    parts.push(utf8('e'))
  } else {
    parts.push(utf8('d'))
    for (const [key, item] of sortedEntries(value)) {
      appendBytes(parts, keyBytes(key))
      append(parts, item, depth + 1)
    }
    parts.push(utf8('e'))
  }
}

function appendBytes(parts: Uint8Array[], bytes: Uint8Array): void {
  parts.push(utf8(`${bytes.length}:`), bytes)
}

function isList(value: object): value is readonly BencodeInput[] {
  return Array.isArray(value)
}

function isMap(value: object): value is ReadonlyMap<string, BencodeInput> {
  return value instanceof Map
}

function integer(value: number | bigint): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new BencodeError('a number is not a safe integer')
  }
  const exact = BigInt(value)
  if (exact < MIN_BENCODE_INTEGER || exact > MAX_BENCODE_INTEGER) throw new BencodeError('an integer is out of bounds')
  return exact
}

function sortedEntries(
  dict: ReadonlyMap<string, BencodeInput> | Readonly<Record<string, BencodeInput>>,
): [string, BencodeInput][] {
  const entries = isMap(dict) ? [...dict] : Object.entries(dict)
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}

function keyBytes(key: string): Uint8Array {
  return Uint8Array.from(key, (char) => {
    const byte = char.charCodeAt(0)
    if (byte > 0xff || char.length > 1) throw new BencodeError('a key has a char that is no byte')
    return byte
  })
}
