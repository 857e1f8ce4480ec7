/** Inclusive range of byte positions. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Port: large bodies under random keys. A key is made by the store and tells nothing of what lies under it. */
export interface Blobs {
  /**
   * Begins a blob of at most `maxSize` bytes, or of exactly `expectedSize` where that is known; nothing is visible before `commit`.
   */
  create(options: { readonly maxSize: number; readonly expectedSize?: number }): Promise<BlobWriter>
  /**
   * The bytes of `range` (default all, cut off at the end of the blob), in pieces, each good until the next is asked for; the reader reads
   * to the end or returns early. Throws `BlobNotFoundError` before the first piece when there is no such blob.
   */
  read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>
  /** Size in bytes; undefined when there is no such blob. */
  size(key: string): Promise<number | undefined>
  /** Deletes a blob; no error when it is gone already. */
  delete(key: string): Promise<void>
  /** All committed blobs, with the time of their commit, in any order; for the sweep that looks for orphans. */
  list(): AsyncIterable<{ readonly key: string; readonly committedAt: number }>
  /** Removes what unfinished uploads left behind before `olderThan` (ms since the epoch); returns how many. */
  removeUnfinished(olderThan: number): Promise<number>
  check(): Promise<void>
  close(): Promise<void>
}

export interface BlobWriter {
  /**
   * Takes one piece, which belongs to the writer from now on; resolves when the writer wants the next (backpressure). Throws
   * `BlobTooLargeError` beyond `maxSize` or `expectedSize` and `StoreFullError` when there is no room; the caller aborts then.
   */
  write(chunk: Uint8Array): Promise<void>
  /**
   * Makes the blob durable and visible; resolves with its key only then. Throws `BlobIncompleteError` when it is shorter than
   * `expectedSize`; any failure drops everything.
   */
  commit(): Promise<string>
  /** Drops everything that is not committed; never throws. */
  abort(): Promise<void>
}
