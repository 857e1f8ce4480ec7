import { StoreCorruptError } from '../errors.ts'

/** One bit for each of the 65,536 namespaces; a shorter set is a list, so that no set takes up more than this. */
const BITMAP_BYTES = 8_192
const LOWEST = -32_768
const HIGHEST = 32_767

/**
 * Namespaces as the adapters keep them: each as two bytes, most significant first and counted from −32,768; or, from 4,096 of them on, a bit
 * for each that there can be, the lowest first in the highest bit. Between 2 and 8,192 bytes. `namespaces` is ascending and
 * without duplicates; throws a `RangeError` when it is not, or empty, or out of range.
 */
export function packNamespaces(namespaces: readonly number[]): Uint8Array {
  assertAscending(namespaces)
  if (2 * namespaces.length < BITMAP_BYTES) {
    const list = Buffer.alloc(2 * namespaces.length)
    for (const [index, namespace] of namespaces.entries()) list.writeUInt16BE(namespace - LOWEST, 2 * index)
    return list
  }
  const bitmap = Buffer.alloc(BITMAP_BYTES)
  for (const namespace of namespaces) {
    const { byte, bit } = placeOf(namespace)
    bitmap[byte] = (bitmap[byte] ?? 0) | bit
  }
  return bitmap
}

/** Whether a packed set contains a namespace. Throws `StoreCorruptError` when it is no packed set. */
export function packedContains(packed: Uint8Array, namespace: number): boolean {
  if (packed.length === BITMAP_BYTES) {
    const { byte, bit } = placeOf(namespace)
    return ((packed[byte] ?? 0) & bit) !== 0
  }
  if (packed.length === 0 || packed.length % 2 !== 0 || packed.length > BITMAP_BYTES) {
    throw new StoreCorruptError('the namespaces of a subscription have another shape')
  }
  const wanted = namespace - LOWEST
  let from = 0
  let to = packed.length / 2
  while (from < to) {
    const middle = (from + to) >>> 1
    const found = ((packed[2 * middle] ?? 0) << 8) | (packed[2 * middle + 1] ?? 0)
    if (found === wanted) return true
    if (found < wanted) from = middle + 1
    else to = middle
  }
  return false
}

function placeOf(namespace: number): { byte: number; bit: number } {
  const position = namespace - LOWEST
  return { byte: position >>> 3, bit: 0x80 >>> (position & 7) }
}

function assertAscending(namespaces: readonly number[]): void {
  if (namespaces.length === 0) throw new RangeError('namespaces: must not be empty')
  let previous = LOWEST - 1
  for (const namespace of namespaces) {
    if (!Number.isInteger(namespace) || namespace <= previous || namespace > HIGHEST) {
      throw new RangeError('namespaces: must be ascending numbers of 16 bits')
    }
    previous = namespace
  }
}
