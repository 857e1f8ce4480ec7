/** Most bytes of one piece of a blob that is read. */
export const PIECE_BYTES = 524_288
/** Buffers kept for the next reader; beyond that they are left to the garbage collector. */
const KEPT_BUFFERS = 16

/**
 * Buffers for reading, used again: a fresh one of this size comes from the kernel page by page and costs as much as the read itself. Only
 * a reader that came to its end gives its buffers back; after an early return somebody may still be sending what is in them.
 */
export class PieceBuffers {
  readonly #free: Buffer[] = []

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES)
  }

  giveBack(...buffers: readonly Buffer[]): void {
    for (const buffer of buffers) if (this.#free.length < KEPT_BUFFERS) this.#free.push(buffer)
  }
}
