import { CryptoArgumentError } from '#crypto'
import { CONTENT_ID_LENGTH } from './content-id.ts'

const WELL_FORMED = /^[A-Za-z0-9_-]{1,44}$/
const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/
const MAX_NUMERIC = 2n ** 53n

/** Whether `id` can be the id of a stored file: 1 to 44 URL-safe base64 characters (files §2.2). */
export function isWellFormedFileId(id: string): boolean {
  return WELL_FORMED.test(id)
}

/** Whether a file with this id may be extended at all: ids shorter than 44 characters may not (files §2.6). */
export function isExtendable(id: string): boolean {
  return id.length >= CONTENT_ID_LENGTH
}

/** Whether `id` has the form of a content id, which proves the bytes it names (files §2.2). */
export function isContentId(id: string): boolean {
  return id.length === CONTENT_ID_LENGTH && WELL_FORMED.test(id)
}

/** Whether `id` is a decimal integer below 2^53 without leading zeros (files §2.2). */
export function isNumericFileId(id: string): boolean {
  return DECIMAL.test(id) && BigInt(id) < MAX_NUMERIC
}

/** A numeric id, decimal, below 2^53, out of 8 random bytes (files §2.2). */
export function numericId(random: Uint8Array): string {
  if (random.length !== 8) throw new CryptoArgumentError('random must be 8 bytes')
  const word = new DataView(random.buffer, random.byteOffset, 8).getBigUint64(0)
  return (word >> 11n).toString()
}
