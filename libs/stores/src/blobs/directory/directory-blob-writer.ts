import { rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobIncompleteError, BlobTooLargeError, StoreUnavailableError } from '../../errors.ts'
import type { BlobWriter } from '../blobs.ts'
import { GatheredFile } from './gathered-file.ts'
import type { HeldBytes } from './held-bytes.ts'
import { type Layout, syncDirectory } from './layout.ts'
import { translateFileError } from './translate-error.ts'

export interface WriterParts {
  readonly key: string
  /** The empty file of the blob in `incoming/`, open for writing. */
  readonly handle: FileHandle
  readonly layout: Layout
  readonly held: HeldBytes
  /** Most bytes the blob may have. */
  readonly maxSize: number
  /** Fewest bytes it must have. */
  readonly minSize: number
  /** Called once, when the writer is done with its file. */
  readonly onEnd: () => void
}

/** One blob on its way into the directory. */
export class DirectoryBlobWriter implements BlobWriter {
  readonly #parts: WriterParts
  readonly #file: GatheredFile
  #size = 0
  #state: 'open' | 'committed' | 'aborted' = 'open'

  constructor(parts: WriterParts) {
    this.#parts = parts
    this.#file = new GatheredFile(parts.handle, parts.held)
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#assertOpen()
    this.#size += chunk.length
    if (this.#size > this.#parts.maxSize) throw new BlobTooLargeError('the blob is larger than it may be')
    try {
      await this.#file.append(chunk)
    } catch (error) {
      throw translateFileError(error)
    }
  }

  async commit(): Promise<string> {
    this.#assertOpen()
    const { key, handle, layout, maxSize, minSize } = this.#parts
    if (this.#size > maxSize) throw new BlobTooLargeError('the blob is larger than it may be')
    try {
      if (this.#size < minSize) throw new BlobIncompleteError('the blob is shorter than announced')
      await this.#file.flush()
      await handle.datasync()
      const shard = await layout.prepareShard(key)
      await rename(layout.incomingFile(key), join(shard, key))
      this.#state = 'committed'
      await syncDirectory(shard)
      await this.#end()
      return key
    } catch (error) {
      await this.#drop()
      throw translateFileError(error)
    }
  }

  async abort(): Promise<void> {
    if (this.#state === 'open') await this.#drop()
  }

  /** Leaves nothing behind, not even a file that is visible already but may not survive a crash. */
  async #drop(): Promise<void> {
    const { key, layout } = this.#parts
    const path = this.#state === 'committed' ? layout.blobFile(key) : layout.incomingFile(key)
    this.#state = 'aborted'
    await this.#file.discard()
    // What cannot be removed now, removeUnfinished and the sweep for orphans remove later.
    await Promise.allSettled([path === undefined ? undefined : rm(path, { force: true }), this.#end()])
  }

  async #end(): Promise<void> {
    this.#parts.onEnd()
    await this.#parts.handle.close()
  }

  #assertOpen(): void {
    if (this.#state !== 'open') throw new StoreUnavailableError('the blob was committed or aborted before')
  }
}
