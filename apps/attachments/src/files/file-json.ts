import type { FileRecord } from '#stores'

/** What `info` and `extend` say of a file; times in seconds since the Unix epoch (files §2.5). */
export function fileJson(record: FileRecord): { size: number; uploaded: number; expires: number } {
  return { size: record.size, uploaded: record.uploadedAt / 1000, expires: record.expiresAt / 1000 }
}
