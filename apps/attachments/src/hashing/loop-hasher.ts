import type { Crypto } from '#crypto'
import { type ContentIdHasher, createContentIdHasher } from '#protocol'
import type { BodyHasher } from './content-id-hashing.ts'

/** Hashes on the event loop: for bodies that take less time than a message to a worker. */
export class LoopHasher implements BodyHasher {
  private readonly hasher: ContentIdHasher

  constructor(crypto: Crypto) {
    this.hasher = createContentIdHasher(crypto)
  }

  async update(piece: Uint8Array): Promise<void> {
    this.hasher.update(piece)
  }

  async digest(): Promise<string> {
    return this.hasher.digest()
  }

  discard(): void {
    this.hasher.digest()
  }
}
