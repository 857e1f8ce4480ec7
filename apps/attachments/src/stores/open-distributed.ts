import type { Crypto } from '#crypto'
import { ByteBudget } from '#runtime'
import type { StoresConfig } from '../config/attachments-config.ts'
import { boundedBlobs } from './bounded-blobs.ts'
import type { Stores } from './stores.ts'

type Distributed = Extract<StoresConfig, { kind: 'distributed' }>

/** Records in Redis and blobs in S3, whose libraries are loaded only here. `onError` hears of lost connections. */
export async function openDistributed(
  config: Distributed,
  crypto: Crypto,
  onError: (error: unknown) => void,
): Promise<Stores> {
  const [{ connectRedis }, { openRedisFileRecords }, { createS3Blobs }] = await Promise.all([
    import('#stores/redis/connect-redis'),
    import('#stores/files/redis/index'),
    import('#stores/blobs/s3/index'),
  ])
  const redis = await connectRedis({ url: config.redisUrl, onError })
  try {
    const records = await openRedisFileRecords({ redis })
    const { bucket, region, accessKey, secretKey } = config.s3
    const blobs = await createS3Blobs({
      client: { ...address(config.s3.endpoint), accessKey, secretKey, region },
      bucket,
      randomBytes: (length) => crypto.randomBytes(length),
    })
    return {
      records,
      blobs: boundedBlobs(blobs, new ByteBudget(config.uploadMemoryBytes)),
      release: async () => redis.disconnect(),
    }
  } catch (error) {
    redis.disconnect()
    throw error
  }
}

function address(endpoint: string): { endPoint: string; port?: number; useSSL: boolean } {
  const { hostname, port, protocol } = new URL(endpoint)
  return { endPoint: hostname, useSSL: protocol === 'https:', ...(port === '' ? {} : { port: Number(port) }) }
}
