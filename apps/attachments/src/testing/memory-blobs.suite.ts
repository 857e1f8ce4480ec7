import { BlobNotFoundError, BlobTooLargeError, type Blobs, type BlobWriter, type ByteRange } from '#stores'

/** Blobs in memory, for tests of what stands before the store. */
export class MemoryBlobs implements Blobs {
  readonly committed = new Map<string, { bytes: Buffer; committedAt: number }>()
  readonly unfinished = new Set<number>()
  /** Thrown by the next `write`. */
  failure: Error | undefined
  private count = 0

  constructor(private readonly now: () => number) {}

  async create({ maxSize }: { maxSize: number }): Promise<BlobWriter> {
    const number = this.count++
    const parts: Buffer[] = []
    let size = 0
    this.unfinished.add(number)
    return {
      write: async (chunk) => {
        if (this.failure !== undefined) throw this.failure
        size += chunk.length
        if (size > maxSize) throw new BlobTooLargeError('the blob is too large')
        parts.push(Buffer.from(chunk))
      },
      commit: async () => {
        this.unfinished.delete(number)
        const key = `blob-${number}`
        this.committed.set(key, { bytes: Buffer.concat(parts), committedAt: this.now() })
        return key
      },
      abort: async () => {
        this.unfinished.delete(number)
      },
    }
  }

  async read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const blob = this.committed.get(key)
    if (blob === undefined) throw new BlobNotFoundError('there is no such blob')
    return pieces(range === undefined ? blob.bytes : blob.bytes.subarray(range.start, range.end + 1))
  }

  async size(key: string): Promise<number | undefined> {
    return this.committed.get(key)?.bytes.length
  }

  async delete(key: string): Promise<void> {
    this.committed.delete(key)
  }

  async *list(): AsyncGenerator<{ key: string; committedAt: number }> {
    for (const [key, { committedAt }] of [...this.committed]) yield { key, committedAt }
  }

  async removeUnfinished(): Promise<number> {
    return 0
  }

  async check(): Promise<void> {}
  async close(): Promise<void> {}
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536)
}
