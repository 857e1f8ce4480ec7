import { StoreCorruptError } from '../../errors.ts'
import type { FileRecord } from '../file-records.ts'

/** Fields of the hash of a record, in the order in which scripts answer them. An empty `blob` says that the body is inline, in `bytes`. */
export const RECORD_FIELDS = ['size', 'uploadedAt', 'expiresAt', 'format', 'blob'] as const

/** The record with this id from the values of its fields. */
export function toRecord(id: string, values: readonly (string | Buffer | null | undefined)[]): FileRecord {
  const [size, uploadedAt, expiresAt, format] = values.map((value) => Number(value ?? NaN))
  const blob = values[4]?.toString()
  if (blob === undefined) throw new StoreCorruptError('a record in Redis lacks a field')
  return {
    id,
    size: whole(size),
    uploadedAt: whole(uploadedAt),
    expiresAt: whole(expiresAt),
    format: whole(format),
    location: blob === '' ? { kind: 'inline' } : { kind: 'blob', key: blob },
  }
}

function whole(value: number | undefined): number {
  if (!Number.isSafeInteger(value)) throw new StoreCorruptError('a record in Redis has a field that is no whole number')
  return Number(value)
}
