import type { RequestBody } from './endpoint.ts'

/** A body that is in memory as a whole. */
export class MemoryBody implements RequestBody {
  readonly length: number

  constructor(private readonly bytes: Uint8Array) {
    this.length = bytes.length
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.bytes.length > 0) yield this.bytes
  }
}
