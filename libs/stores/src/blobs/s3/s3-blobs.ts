import type { Agent } from 'node:http'
import type { Client } from 'minio'
import { BlobNotFoundError, StoreUnavailableError } from '../../errors.ts'
import type { Blobs, BlobWriter, ByteRange } from '../blobs.ts'
import { S3BlobWriter } from './s3-blob-writer.ts'
import { translated, translateS3Error } from './translate-error.ts'

const KEY_BYTES = 16
const KEY = /^[0-9a-f]{32}$/

export interface S3BlobsParts {
  readonly client: Client
  /** Holds the connections of `client`; ended by `close`. */
  readonly agent: Agent
  readonly bucket: string
  /** Cryptographically random bytes, for keys. */
  readonly randomBytes: (length: number) => Uint8Array
}

/** Blobs as objects of one bucket. */
export class S3Blobs implements Blobs {
  readonly #parts: S3BlobsParts

  constructor(parts: S3BlobsParts) {
    this.#parts = parts
  }

  async create(options: { readonly maxSize: number; readonly expectedSize?: number }): Promise<BlobWriter> {
    const { client, bucket, randomBytes } = this.#parts
    const key = Buffer.from(randomBytes(KEY_BYTES)).toString('hex')
    const maxSize = Math.min(options.maxSize, options.expectedSize ?? options.maxSize)
    return new S3BlobWriter({ client, bucket, key, maxSize, minSize: options.expectedSize ?? 0 })
  }

  async read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const size = await this.size(key)
    if (size === undefined) throw new BlobNotFoundError('there is no such blob')
    return this.#pieces(key, { start: range?.start ?? 0, end: Math.min(range?.end ?? size, size - 1) })
  }

  async size(key: string): Promise<number | undefined> {
    if (!KEY.test(key)) return undefined
    try {
      return (await translated(() => this.#parts.client.statObject(this.#parts.bucket, key))).size
    } catch (error) {
      if (!(error instanceof BlobNotFoundError)) throw error
      // A HEAD answers alike for an object and a bucket that is missing; no blob may be called lost for the latter.
      await this.check()
      return undefined
    }
  }

  async delete(key: string): Promise<void> {
    if (!KEY.test(key)) return
    try {
      await translated(() => this.#parts.client.removeObject(this.#parts.bucket, key))
    } catch (error) {
      if (!(error instanceof BlobNotFoundError)) throw error
    }
  }

  async *list(): AsyncGenerator<{ key: string; committedAt: number }, void, undefined> {
    const objects = this.#parts.client.listObjectsV2(this.#parts.bucket, '', true)
    try {
      for await (const object of objects as AsyncIterable<{ name?: string; lastModified?: Date }>) {
        const { name, lastModified } = object
        if (name !== undefined && lastModified !== undefined && KEY.test(name)) {
          yield { key: name, committedAt: lastModified.getTime() }
        }
      }
    } catch (error) {
      throw translateS3Error(error)
    }
  }

  /** Nothing is ever unfinished here: one PUT makes an object or none. */
  async removeUnfinished(): Promise<number> {
    return 0
  }

  async check(): Promise<void> {
    const { client, bucket } = this.#parts
    if (!(await translated(() => client.bucketExists(bucket)))) throw new StoreUnavailableError('the bucket is missing')
  }

  async close(): Promise<void> {
    this.#parts.agent.destroy()
  }

  /** Asks for the object with the first piece, so an iterable nobody iterates costs nothing. */
  async *#pieces(key: string, { start, end }: ByteRange): AsyncGenerator<Uint8Array, void, undefined> {
    if (start > end) return
    const { client, bucket } = this.#parts
    try {
      let missing = end - start + 1
      // Leaving the loop early destroys the body, and with it the connection it would otherwise keep.
      for await (const piece of await client.getPartialObject(bucket, key, start, missing)) {
        // A server may send more than it was asked for: s3rver takes an end of 0 for no end.
        const wanted = (piece as Buffer).subarray(0, missing)
        missing -= wanted.length
        yield wanted
        if (wanted.length < (piece as Buffer).length) return
      }
      if (missing > 0) throw new StoreUnavailableError('the object store ended a blob too early')
    } catch (error) {
      throw translateS3Error(error)
    }
  }
}
