import type { FileHandle } from 'node:fs/promises'
import type { HeldBytes } from './held-bytes.ts'

/** Pieces are gathered until one write has at least this many bytes. */
export const WRITE_BYTES = 262_144
/** A sync is begun whenever this much has been written since the last one. */
const SYNC_BYTES = 3_145_728
/** A piece this small is copied: it may be a view that keeps a large buffer alive. */
const SMALL_PIECE = 4_096
/** Most pieces of one write; the kernel takes 1,024. */
const MAX_PIECES = 1_000

/**
 * Appends pieces to a file in large writes without copying them: one write is under way while the pieces of the next are gathered, so
 * network and disk overlap. A write that failed fails every later call.
 */
export class GatheredFile {
  readonly #handle: FileHandle
  readonly #held: HeldBytes
  #pieces: Uint8Array[] = []
  #gathered = 0
  #position = 0
  /** The write under way; it never rejects, `#failure` says how it went. */
  #writing: Promise<void> | undefined
  /** Bytes written since the last sync began. */
  #unsynced = 0
  /** The sync under way; it never rejects, `#failure` says how it went. */
  #syncing: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(handle: FileHandle, held: HeldBytes) {
    this.#handle = handle
    this.#held = held
  }

  /** Takes a piece, which the caller leaves unchanged from now on; resolves when there is room for the next. */
  async append(piece: Uint8Array): Promise<void> {
    this.#assertSound()
    this.#pieces.push(piece.length < SMALL_PIECE ? Buffer.from(piece) : piece)
    this.#gathered += piece.length
    this.#held.add(piece.length)
    if (this.#gathered < WRITE_BYTES && this.#pieces.length < MAX_PIECES && !this.#held.isFull) return
    await this.#startWrite()
    if (this.#held.isFull) await this.#writing
    this.#assertSound()
  }

  /** Writes all that was gathered. */
  async flush(): Promise<void> {
    await this.#startWrite()
    await this.#writing
    await this.#syncing
    this.#assertSound()
  }

  /** Drops what was gathered and waits for the write under way; never rejects. */
  async discard(): Promise<void> {
    this.#held.remove(this.#gathered)
    this.#pieces = []
    this.#gathered = 0
    await this.#writing
    await this.#syncing
  }

  async #startWrite(): Promise<void> {
    await this.#writing
    if (this.#gathered === 0) return
    const pieces = this.#pieces
    const length = this.#gathered
    this.#pieces = []
    this.#gathered = 0
    this.#writing = this.#write(pieces, length)
  }

  async #write(pieces: readonly Uint8Array[], length: number): Promise<void> {
    try {
      if (this.#failure === undefined) await this.#writeAll(pieces)
      this.#syncInBackground(length)
    } catch (error) {
      this.#failure = { error }
    } finally {
      this.#held.remove(length)
      for (const piece of pieces) freeMemory(piece)
    }
  }

  /** Lets the disk begin before everything has arrived, so that less is left to wait for at the end. */
  #syncInBackground(length: number): void {
    this.#unsynced += length
    if (this.#unsynced < SYNC_BYTES || this.#syncing !== undefined) return
    this.#unsynced = 0
    this.#syncing = this.#handle.datasync().then(
      () => {
        this.#syncing = undefined
      },
      (error: unknown) => {
        this.#failure ??= { error }
        this.#syncing = undefined
      },
    )
  }

  async #writeAll(pieces: readonly Uint8Array[]): Promise<void> {
    let rest = pieces
    while (rest.length > 0) {
      const { bytesWritten } = await this.#handle.writev(rest, this.#position)
      this.#position += bytesWritten
      rest = after(rest, bytesWritten)
    }
  }

  #assertSound(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

/**
 * Frees the memory of a piece at once, where it is the only view of its memory. Left to the garbage collector, hundreds of megabytes a second of
 * pieces would make it run all the time.
 */
function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength >= SMALL_PIECE) buffer.transfer(0)
}

/** What is left of `pieces` after their first `bytes`. */
function after(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let skipped = 0
  for (const [index, piece] of pieces.entries()) {
    if (skipped + piece.length > bytes) return [piece.subarray(bytes - skipped), ...pieces.slice(index + 1)]
    skipped += piece.length
  }
  return []
}
