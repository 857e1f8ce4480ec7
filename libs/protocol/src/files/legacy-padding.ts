import { MAX_PLAINTEXT } from './limits.ts'

const SMALLEST_BUCKET = 541

/**
 * Length in bytes to which a legacy attachment of `length` bytes is padded: the next of the buckets that grow by 5 %, capped at 10,000,000; longer
 * ones stay as they are (files §5.2).
 */
export function legacyPaddedLength(length: number): number {
  if (length > MAX_PLAINTEXT) return length
  if (length <= 1) return SMALLEST_BUCKET
  const exponent = Math.ceil(Math.log(length) / Math.log(1.05))
  return Math.min(MAX_PLAINTEXT, Math.max(SMALLEST_BUCKET, length, Math.floor(1.05 ** exponent)))
}
