import { MAX_BENCODE_INTEGER, MIN_BENCODE_INTEGER } from '../../bencode/value.ts'

/** A number that is not written as an integer, or has so many digits that a double may not hold it. Finds too much within strings. */
const UNUSUAL_NUMBER = /[[:,\s]-?(?:\d+[.eE]|\d{16})/
const INTEGER = /^-?\d+$/

/**
 * Parses JSON so that integers stay what they are in the text: `1.0` and `1e3` become `NaN`, which no reader takes for an
 * integer; integers of 64 bits that a double cannot hold become bigints (mailbox RPC §2.3). Only texts with such numbers are read the
 * slow way. An engine that does not give a reviver the source takes `1.0` for `1` and refuses the large ones.
 * Throws whatever `JSON.parse` throws, also for nesting too deep for the stack.
 */
export function parseJson(text: string): unknown {
  return UNUSUAL_NUMBER.test(text) ? JSON.parse(text, keepIntegers) : JSON.parse(text)
}

function keepIntegers(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined) return value
  if (!INTEGER.test(source)) return Number.isInteger(value) ? Number.NaN : value
  return Number.isSafeInteger(value) ? value : integerOf64Bits(source)
}

function integerOf64Bits(source: string): bigint | number {
  // No integer of 64 bits has more than 20 digits and a sign; a longer text is not worth converting.
  if (source.length > 21) return Number.NaN
  const value = BigInt(source)
  return value < MIN_BENCODE_INTEGER || value > MAX_BENCODE_INTEGER ? Number.NaN : value
}
