import { Redis } from 'ioredis'
import { translated } from './redis-error.ts'

export interface RedisConnection {
  /** `redis://` or `rediss://`, with user, password and database as needed. */
  readonly url: string
  /** Hears of lost connections; the client connects again by itself. */
  readonly onError: (error: unknown) => void
  /** Milliseconds a command may take; default 5,000. */
  readonly commandTimeout?: number
}

/**
 * A client whose commands fail soon when Redis is away instead of waiting for it; the owner ends it with `disconnect`. Throws
 * `StoreUnavailableError` when Redis does not answer.
 */
export async function connectRedis({ url, onError, commandTimeout = 5_000 }: RedisConnection): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    disconnectTimeout: 500,
    commandTimeout,
    // While Redis is away a command fails at once; the next one after the connection is back is served.
    enableOfflineQueue: false,
  })
  redis.on('error', onError)
  try {
    await translated(() => redis.connect())
    return redis
  } catch (error) {
    redis.disconnect()
    throw error
  }
}
