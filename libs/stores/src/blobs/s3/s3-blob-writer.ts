import type { Client } from 'minio'
import { BlobIncompleteError, BlobTooLargeError, StoreUnavailableError } from '../../errors.ts'
import type { BlobWriter } from '../blobs.ts'
import { translated } from './translate-error.ts'

export interface S3WriterParts {
  readonly client: Client
  readonly bucket: string
  readonly key: string
  /** Most bytes the blob may have. */
  readonly maxSize: number
  /** Fewest bytes it must have. */
  readonly minSize: number
}

/**
 * One blob on its way into the object store: held in memory until the commit, which sends it as one PUT. So nothing is ever half there,
 * and the digest that signs the request covers what is stored.
 */
export class S3BlobWriter implements BlobWriter {
  readonly #parts: S3WriterParts
  #pieces: Uint8Array[] = []
  #size = 0
  #isOpen = true

  constructor(parts: S3WriterParts) {
    this.#parts = parts
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#assertOpen()
    this.#size += chunk.length
    this.#assertSize()
    this.#pieces.push(chunk)
  }

  async commit(): Promise<string> {
    this.#assertOpen()
    this.#assertSize()
    const { client, bucket, key } = this.#parts
    const bytes = Buffer.concat(this.#pieces, this.#size)
    this.#close()
    if (bytes.length < this.#parts.minSize) throw new BlobIncompleteError('the blob is shorter than announced')
    try {
      await translated(() => client.putObject(bucket, key, bytes, bytes.length))
      return key
    } catch (error) {
      // The answer may be what got lost, so the object may be there.
      await Promise.allSettled([client.removeObject(bucket, key)])
      throw error
    }
  }

  async abort(): Promise<void> {
    this.#close()
  }

  #close(): void {
    this.#isOpen = false
    this.#pieces = []
  }

  #assertOpen(): void {
    if (!this.#isOpen) throw new StoreUnavailableError('the blob was committed or aborted before')
  }

  #assertSize(): void {
    if (this.#size > this.#parts.maxSize) throw new BlobTooLargeError('the blob is larger than it may be')
  }
}
