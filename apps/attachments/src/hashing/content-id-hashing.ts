/** Makes hashers for bodies of any size without holding up the event loop. */
export interface ContentIdHashing {
  /** A hasher for a body of `expectedLength` bytes; undefined when nobody knows. */
  create(expectedLength: number | undefined): BodyHasher
  close(): Promise<void>
}

/** Computes the content id of one body. */
export interface BodyHasher {
  /** Takes a piece, which may be used otherwise again once this resolves. */
  update(piece: Uint8Array): Promise<void>
  /** The content id; the hasher must not be used afterwards. */
  digest(): Promise<string>
  /** Gives up; nothing else may be called afterwards. */
  discard(): void
}
