/**
 * Counts the bytes that all writers of one store hold in memory. Writers gather large writes while there is room and write what they
 * have, whatever its size, once there is none: a hundred uploads at once cost no more memory than the limit and a piece for each.
 */
export class HeldBytes {
  readonly #limit: number
  #bytes = 0

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#limit = limit
  }

  get isFull(): boolean {
    return this.#bytes >= this.#limit
  }

  add(bytes: number): void {
    this.#bytes += bytes
  }

  remove(bytes: number): void {
    this.#bytes -= bytes
  }
}
