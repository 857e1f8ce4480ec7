import { open, opendir, rm, stat, access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobNotFoundError } from '../../errors.ts'
import type { Blobs, BlobWriter, ByteRange } from '../blobs.ts'
import { DirectoryBlobWriter } from './directory-blob-writer.ts'
import { HeldBytes } from './held-bytes.ts'
import { isBlobKey, KEY_BYTES, type Layout } from './layout.ts'
import { PieceBuffers } from './piece-buffers.ts'
import { readPieces } from './read-pieces.ts'
import { fileErrorCode, translateFileError } from './translate-error.ts'

export interface DirectoryBlobsParts {
  readonly layout: Layout
  /** Cryptographically random bytes, for keys. */
  readonly randomBytes: (length: number) => Uint8Array
  /** Most bytes all unfinished uploads together gather in memory. */
  readonly maxHeldBytes: number
}

/** Blobs as files of one directory. */
export class DirectoryBlobs implements Blobs {
  readonly #layout: Layout
  readonly #randomBytes: (length: number) => Uint8Array
  readonly #held: HeldBytes
  readonly #buffers = new PieceBuffers()
  /** Keys of this process's own unfinished blobs. */
  readonly #open = new Set<string>()

  constructor(parts: DirectoryBlobsParts) {
    this.#layout = parts.layout
    this.#randomBytes = parts.randomBytes
    this.#held = new HeldBytes(parts.maxHeldBytes)
  }

  async create(options: { readonly maxSize: number; readonly expectedSize?: number }): Promise<BlobWriter> {
    const key = Buffer.from(this.#randomBytes(KEY_BYTES)).toString('hex')
    return translated(async () => {
      const handle = await open(this.#layout.incomingFile(key), 'wx', 0o600)
      this.#open.add(key)
      return new DirectoryBlobWriter({
        key,
        handle,
        layout: this.#layout,
        held: this.#held,
        maxSize: Math.min(options.maxSize, options.expectedSize ?? options.maxSize),
        minSize: options.expectedSize ?? 0,
        onEnd: () => this.#open.delete(key),
      })
    })
  }

  async read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const path = this.#layout.blobFile(key)
    const size = await this.size(key)
    if (path === undefined || size === undefined) throw new BlobNotFoundError('there is no such blob')
    return readPieces(path, { start: range?.start ?? 0, end: Math.min(range?.end ?? size, size - 1) }, this.#buffers)
  }

  async size(key: string): Promise<number | undefined> {
    const path = this.#layout.blobFile(key)
    const stats = path === undefined ? undefined : await statIfThere(path)
    // Where the whole directory is gone, as with a volume that is not mounted, no blob may be called lost.
    if (stats === undefined) await this.check()
    return stats?.size
  }

  async delete(key: string): Promise<void> {
    const path = this.#layout.blobFile(key)
    if (path !== undefined) await translated(() => rm(path, { force: true }))
  }

  async *list(): AsyncGenerator<{ key: string; committedAt: number }, void, undefined> {
    for await (const { name: shard } of entries(this.#layout.root)) {
      if (!/^[0-9a-f]{2}$/.test(shard)) continue
      for await (const { name: key } of entries(this.#layout.shard(shard))) {
        const stats = isBlobKey(key) ? await statIfThere(join(this.#layout.shard(shard), key)) : undefined
        // The rename of the commit is the last change of the inode.
        if (stats !== undefined) yield { key, committedAt: stats.changedAt }
      }
    }
  }

  async removeUnfinished(olderThan: number): Promise<number> {
    let removed = 0
    for await (const { name } of entries(this.#layout.incoming)) {
      if (this.#open.has(name)) continue
      const path = this.#layout.incomingFile(name)
      const stats = await statIfThere(path)
      if (stats === undefined || stats.changedAt >= olderThan) continue
      await translated(() => rm(path, { force: true }))
      removed += 1
    }
    return removed
  }

  async check(): Promise<void> {
    await translated(() => access(this.#layout.incoming, constants.W_OK))
  }

  async close(): Promise<void> {}
}

async function statIfThere(path: string): Promise<{ size: number; changedAt: number } | undefined> {
  try {
    const { size, ctimeMs } = await stat(path)
    return { size, changedAt: ctimeMs }
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined
    throw translateFileError(error)
  }
}

async function* entries(path: string): AsyncGenerator<{ name: string }, void, undefined> {
  yield* await translated(() => opendir(path))
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw translateFileError(error)
  }
}
