/** Rows that the subscriptions of one account may take up, 10 of the 53 bits of a number: twice the devices that it may have, for what is not swept yet. */
export const ROWS_PER_ACCOUNT = 1_024

/** Numbers, the last one included. */
export interface NumberRange {
  readonly first: number
  readonly last: number
}

/**
 * The numbers that rows of an account (16 bytes) may have. The first 43 bits of the account decide, which hardly two accounts have in common; if two
 * have, they share the range.
 */
export function numbersOf(account: Uint8Array): NumberRange {
  const view = new DataView(account.buffer, account.byteOffset, account.byteLength)
  const first = (view.getUint32(0) * 2 ** 11 + (view.getUint16(4) >>> 5)) * ROWS_PER_ACCOUNT
  return { first, last: first + ROWS_PER_ACCOUNT - 1 }
}

/** The lowest number of the range that is not among `taken` (ascending, all in the range); undefined when all are. */
export function freeNumber({ first, last }: NumberRange, taken: readonly number[]): number | undefined {
  const gap = taken.findIndex((number, index) => number !== first + index)
  const free = first + (gap === -1 ? taken.length : gap)
  return free > last ? undefined : free
}
