/** What is known of one stored file. Times are milliseconds since the Unix epoch. */
export interface FileRecord {
  /** Public id: 44 base64url characters (content id) or a decimal integer below 2^53. */
  readonly id: string
  /** Bytes a reader gets. */
  readonly size: number
  readonly uploadedAt: number
  /** The file is gone at this instant: `expiresAt <= now` reads as absent, swept or not. */
  readonly expiresAt: number
  /** Version of the storage format of the body; 1 = the bytes as uploaded. */
  readonly format: number
  /** Where the body lies: in the record itself or in the blob store under a key that says nothing of the file. */
  readonly location: FileLocation
}

export type FileLocation = { readonly kind: 'inline' } | { readonly kind: 'blob'; readonly key: string }

/** A file to be recorded; its blob, if it has one, is durable already. */
export interface NewFile {
  readonly id: string
  readonly size: number
  readonly uploadedAt: number
  readonly expiresAt: number
  readonly format: number
  readonly body:
    { readonly kind: 'inline'; readonly bytes: Uint8Array } | { readonly kind: 'blob'; readonly key: string }
}

export interface PutOutcome {
  readonly record: FileRecord
  /**
   * `created`: the record is new (or replaced one that had expired), or it points to the caller's own blob already because an earlier attempt
   * of the same put got through. `renewed`: a live record with this id existed; it keeps its body,
   * takes `uploadedAt` of the new upload and the later of both expiries, and the caller's blob is not needed. `taken`: likewise existed, and
   * `ifExists` was `refuse`, so nothing changed.
   */
  readonly outcome: 'created' | 'renewed' | 'taken'
  /** Blob key of an expired record that this one replaced; the caller deletes it. */
  readonly replacedBlob?: string
}

/** A live record, with its bytes when the body is inline. */
export interface OpenedFile {
  readonly record: FileRecord
  readonly inline?: Uint8Array
}

export interface RemovedFiles {
  readonly removed: number
  /** Blob keys of the removed records; the caller deletes the blobs. */
  readonly blobs: readonly string[]
}

export interface BlobPage {
  readonly entries: readonly { readonly id: string; readonly key: string }[]
  /** Cursor of the next page; undefined after the last. */
  readonly next: string | undefined
}

/** Port: the records of stored files. A blob key belongs to one record at most. Every method that changes something returns only once the change is durable. */
export interface FileRecords {
  /** Records a file, judged at `file.uploadedAt`. The caller leaves inline bytes unchanged from now on. */
  put(file: NewFile, options: { readonly ifExists: 'renew' | 'refuse' }): Promise<PutOutcome>
  /** The live record, with its bytes when the body is inline. */
  read(id: string, now: number): Promise<OpenedFile | undefined>
  /** The live record alone. */
  get(id: string, now: number): Promise<FileRecord | undefined>
  /** Moves the expiry of a live record to the later of its own and `expiresAt`; undefined when there is none. */
  extend(id: string, expiresAt: number, now: number): Promise<FileRecord | undefined>
  /** Removes up to `limit` records with `expiresAt <= now` and returns their blob keys; fewer than `limit` removed means done. */
  removeExpired(now: number, limit: number): Promise<RemovedFiles>
  /** Which of `keys` (at most 1,000) no record points to. */
  findUnreferenced(keys: readonly string[]): Promise<readonly string[]>
  /** Up to `limit` records with a blob, in some total order, after `cursor`; for the sweep that looks for lost blobs. */
  listBlobs(cursor: string | undefined, limit: number): Promise<BlobPage>
  /** Removes a record whose blob is lost, only if it still points to `key`. */
  removeLost(id: string, key: string): Promise<boolean>
  /** Answers when the store can serve; throws `StoreUnavailableError` otherwise. */
  check(): Promise<void>
  close(): Promise<void>
}
