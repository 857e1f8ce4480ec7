import type { BodyHasher } from './content-id-hashing.ts'
import type { HashWorker } from './hash-worker.ts'

/** Bytes that are handed to the worker at once: enough to make the message cheap, little enough for a hundred uploads at a time. */
export const SHARED_PIECE_LENGTH = 131_072

/** Lends out memory that both threads see. */
export interface SharedPieces {
  take(): Uint8Array
  giveBack(piece: Uint8Array): void
}

/**
 * Hashes in a worker. Bytes are gathered in shared memory, so that nothing is copied twice, and one piece is hashed while the next one is
 * filled; more than that never waits.
 */
export class WorkerHasher implements BodyHasher {
  private piece: Uint8Array | undefined
  private filled = 0
  private busy: Promise<void> | undefined

  constructor(
    private readonly number: number,
    private readonly worker: HashWorker,
    private readonly pieces: SharedPieces,
  ) {}

  async update(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length;) {
      this.piece ??= this.pieces.take()
      const part = bytes.subarray(offset, offset + this.piece.length - this.filled)
      this.piece.set(part, this.filled)
      this.filled += part.length
      offset += part.length
      if (this.filled === this.piece.length) await this.flush()
    }
  }

  async digest(): Promise<string> {
    await this.flush()
    await this.busy
    const id = await this.worker.ask({ kind: 'digest', hasher: this.number })
    this.worker.forget(this.number, false)
    if (id === undefined) throw new TypeError('the worker answered without an id')
    return id
  }

  discard(): void {
    if (this.piece !== undefined) this.pieces.giveBack(this.piece)
    this.piece = undefined
    // A failure of the worker has reached the upload already, which is why it gives up.
    void (this.busy ?? Promise.resolve()).then(
      () => this.worker.forget(this.number, true),
      () => this.worker.forget(this.number, false),
    )
  }

  private async flush(): Promise<void> {
    const { piece, filled: length } = this
    await this.busy
    this.busy = undefined
    if (piece === undefined || length === 0) return
    this.piece = undefined
    this.filled = 0
    this.busy = this.send(piece, length)
    // It is awaited before the next piece; until then a rejection is no unhandled one.
    this.busy.catch(() => undefined)
  }

  private async send(piece: Uint8Array, length: number): Promise<void> {
    await this.worker.ask({ kind: 'update', hasher: this.number, piece, length })
    this.pieces.giveBack(piece)
  }
}
