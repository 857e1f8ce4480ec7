import type { Crypto } from '#crypto'
import type { Blobs, FileRecords } from '#stores'
import type { ContentIdHashing } from '../hashing/content-id-hashing.ts'

/** How a new file gets its id (files §2.2). */
export type FileIdMode = 'content' | 'numeric'

/** The rules of this server for files. */
export interface FileRules {
  readonly idMode: FileIdMode
  /** Largest file in bytes. */
  readonly maxFileSize: number
  /** Files up to this many bytes lie in the record itself. */
  readonly inlineBytes: number
  readonly defaultTtlSeconds: number
  /** Largest `X-FS-TTL` in seconds; undefined = the header is not looked at. */
  readonly maxTtlSeconds: number | undefined
}

/** Everything the operations on files work with. */
export interface FilesContext {
  readonly rules: FileRules
  readonly records: FileRecords
  readonly blobs: Blobs
  readonly crypto: Crypto
  readonly hashing: ContentIdHashing
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  readonly events: FileEvents
}

/** What the operations tell of themselves; nothing in it identifies a file. */
export interface FileEvents {
  uploaded(outcome: 'created' | 'renewed', bytes: number): void
  downloaded(bytes: number): void
  swept(kind: SweepKind, count: number): void
  /** Work behind an answered request went wrong; a later sweep makes up for it. */
  cleanupFailed(error: unknown): void
}

export type SweepKind = 'expired' | 'orphan-blob' | 'lost-blob' | 'unfinished'
