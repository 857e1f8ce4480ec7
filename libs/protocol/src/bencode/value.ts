/**
 * A decoded value. Strings are bytes. Integers are numbers where a number is exact, else bigints. Keys of a dict are byte strings
 * too; each char of a key is one byte, so that ASCII keys read as they are and order by bytes is order by chars.
 */
export type BencodeValue = Uint8Array | number | bigint | readonly BencodeValue[] | ReadonlyMap<string, BencodeValue>

/** What can be encoded: besides decoded values also texts, as UTF-8, and plain objects as dicts. */
export type BencodeInput =
  | BencodeValue
  | string
  | readonly BencodeInput[]
  | ReadonlyMap<string, BencodeInput>
  | { readonly [key: string]: BencodeInput }

/** Deepest nesting of lists and dicts. */
export const MAX_BENCODE_DEPTH = 32
/** Integers are those of 64 bits, signed or unsigned. */
export const MIN_BENCODE_INTEGER = -(2n ** 63n)
export const MAX_BENCODE_INTEGER = 2n ** 64n - 1n
