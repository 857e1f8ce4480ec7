/**
 * Blobs in an S3 bucket through the `minio` client. An object's name is its key: 32 hexadecimal digits of 128 random bits. Other objects of
 * the bucket are left alone.
 *
 * Lifetimes: an object lives until it is deleted; the bucket must have no lifecycle rule of its own.
 *
 * Invariants: an object is made by one PUT, so it is complete or not there, and never changes. An upload is held in memory until its
 * commit; whoever opens writers bounds how many there are.
 */
import { Client } from 'minio'
import type { Blobs } from '../blobs.ts'
import { S3Blobs } from './s3-blobs.ts'
import { translated } from './translate-error.ts'
import { openTransport } from './transport.ts'

/** An object up to this size, the most that S3 takes, is one PUT. */
const PART_BYTES = 5 * 1_073_741_824
const DEFAULT_STALL_TIMEOUT = 30_000

export interface S3ClientOptions {
  readonly endPoint: string
  readonly port?: number
  readonly useSSL: boolean
  readonly accessKey: string
  readonly secretKey: string
  readonly region?: string
}

export interface S3BlobsOptions {
  readonly client: S3ClientOptions
  /** Created when it is missing. */
  readonly bucket: string
  /** Cryptographically random bytes, for keys. */
  readonly randomBytes: (length: number) => Uint8Array
  /** Milliseconds for which a connection may stand still; default 30,000. */
  readonly stallTimeout?: number
}

/** Connects and makes sure of the bucket. Throws `StoreUnavailableError` when the object store cannot be reached or refuses. */
export async function createS3Blobs(options: S3BlobsOptions): Promise<Blobs> {
  const { bucket, randomBytes, client: settings, stallTimeout = DEFAULT_STALL_TIMEOUT } = options
  const { agent, transport } = openTransport(settings.useSSL, stallTimeout)
  const region = settings.region ?? 'us-east-1'
  try {
    return await translated(async () => {
      const client = new Client({
        ...settings,
        region,
        transport,
        transportAgent: agent,
        partSize: PART_BYTES,
        // The library would write its retries to the console; whoever calls this store decides whether to try again.
        retryOptions: { disableRetry: true },
      })
      if (!(await client.bucketExists(bucket))) await client.makeBucket(bucket, region)
      return new S3Blobs({ client, agent, bucket, randomBytes })
    })
  } catch (error) {
    agent.destroy()
    throw error
  }
}
