import type { RedisClient } from '../../redis/redis-client.ts'
import type { SubscriptionCommands } from './commands.ts'
import { accountKeys, partitionKeys, PARTITIONS } from './keys.ts'

/** Accounts asked of a partition at a time: few enough that a script does not hold up Redis for long. */
const PAGE = 64

/** Removes expired subscriptions of all partitions. Partitions are asked side by side, those that had a full page again. */
export class RedisSweep {
  readonly #redis: RedisClient
  readonly #commands: SubscriptionCommands
  readonly #prefix: string

  constructor(redis: RedisClient, commands: SubscriptionCommands, prefix: string) {
    this.#redis = redis
    this.#commands = commands
    this.#prefix = prefix
  }

  /** Removes up to `limit` subscriptions that were signed at or before `goneUntil` (seconds); how many. */
  async run(goneUntil: number, limit: number): Promise<number> {
    let removed = 0
    let partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
    while (partitions.length > 0) {
      const pages = await Promise.all(partitions.map((partition) => this.#page(partition, goneUntil)))
      // One after the other, since an account may have any number of them and no more than `limit` may go.
      for (const [index, accounts] of pages.entries()) {
        if (removed >= limit) return removed
        if (accounts.length === 0) continue
        removed += await this.#remove(partitions[index] ?? 0, accounts, goneUntil, limit - removed)
      }
      partitions = partitions.filter((_, index) => pages[index]?.length === PAGE)
    }
    return removed
  }

  #page(partition: number, goneUntil: number): Promise<string[]> {
    const { ages } = partitionKeys(this.#prefix, partition)
    return this.#redis.zrangebyscore(ages, '-inf', goneUntil, 'LIMIT', 0, PAGE)
  }

  #remove(partition: number, accounts: readonly string[], goneUntil: number, limit: number): Promise<number> {
    const { ages, counts } = partitionKeys(this.#prefix, partition)
    const keys = [ages, counts, ...accounts.map((account) => accountKeys(this.#prefix, account).record)]
    return this.#commands.subscriptionsRemoveExpired(keys.length, ...keys, goneUntil, limit, ...accounts)
  }
}
