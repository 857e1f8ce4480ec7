import type { RedisClient } from '../../redis/redis-client.ts'
import { EXTEND } from './scripts/extend.ts'
import { FIND_REFERENCED } from './scripts/find-referenced.ts'
import { PUT } from './scripts/put.ts'
import { REMOVE_EXPIRED } from './scripts/remove-expired.ts'
import { REMOVE_LOST } from './scripts/remove-lost.ts'

/** The scripts as commands of the client: EVALSHA, and EVAL again where a server does not know the script. */
export interface FileCommands {
  filesPut(record: string, expiry: string, blobs: string, ...args: (string | number | Buffer)[]): Promise<string[]>
  filesExtend(record: string, expiry: string, id: string, expiresAt: number, now: number): Promise<string[]>
  filesRemoveLost(record: string, expiry: string, blobs: string, id: string, key: string): Promise<number>
  /** The number of keys, the keys, the arguments. */
  filesRemoveExpired(count: number, ...keysAndArgs: (string | number)[]): Promise<[number, ...string[]]>
  filesFindReferenced(blobs: string, ...keys: string[]): Promise<number[]>
}

export function defineFileCommands(redis: RedisClient): FileCommands {
  redis.defineCommand('filesPut', { lua: PUT, numberOfKeys: 3 })
  redis.defineCommand('filesExtend', { lua: EXTEND, numberOfKeys: 2 })
  redis.defineCommand('filesRemoveLost', { lua: REMOVE_LOST, numberOfKeys: 3 })
  redis.defineCommand('filesRemoveExpired', { lua: REMOVE_EXPIRED })
  redis.defineCommand('filesFindReferenced', { lua: FIND_REFERENCED, numberOfKeys: 1 })
  return redis as unknown as FileCommands
}
