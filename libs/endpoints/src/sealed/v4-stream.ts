import { InvalidV4RequestError, type V4Head, V4RequestReader } from '#protocol'
import type { RequestBody } from '../endpoint.ts'
import type { LayerStream } from './open-layer.ts'

/** A long v4 request whose body flows out while it is decrypted. Nothing it gave is to have an effect before `finish` has returned. */
export class V4Stream {
  private readonly reader: V4RequestReader
  private readonly pieces: AsyncGenerator<Uint8Array, void, undefined>
  private pending: Uint8Array | undefined
  private ended = false

  constructor(layer: LayerStream) {
    this.reader = new V4RequestReader(layer.length)
    this.pieces = layer.pieces
  }

  /** Reads up to the beginning of the body. Throws `InvalidV4RequestError`, or `DecryptionError` when the tag is wrong. */
  async head(): Promise<V4Head> {
    while (this.reader.head === undefined) {
      const part = await this.pull()
      if (part === undefined) throw new InvalidV4RequestError('the request is truncated')
      this.pending = part
    }
    return this.reader.head
  }

  /** The body; its iteration ends without error only when the whole request is authentic and complete. */
  body(length: number): RequestBody {
    return { length, [Symbol.asyncIterator]: () => ({ next: () => this.nextPart() }) }
  }

  /** Reads what has not been read. Throws `DecryptionError` or `InvalidV4RequestError` when the request as a whole is not what it must be. */
  async finish(): Promise<void> {
    while ((await this.pull()) !== undefined);
  }

  private async nextPart(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const part = this.pending ?? (await this.pull())
      this.pending = undefined
      if (part === undefined) return { done: true, value: undefined }
      if (part.length > 0) return { done: false, value: part }
    }
  }

  private async pull(): Promise<Uint8Array | undefined> {
    if (this.ended) return undefined
    const next = await this.pieces.next()
    if (next.done === true) {
      this.ended = true
      this.reader.finish()
      return undefined
    }
    try {
      return this.reader.push(next.value)
    } catch (invalid) {
      // A forged request is answered as unreadable, never as malformed: the tag decides first.
      for await (const _ of this.pieces);
      throw invalid
    }
  }
}
