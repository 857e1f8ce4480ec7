import { StoreCorruptError } from '../../errors.ts'
import type { RedisClient } from '../../redis/redis-client.ts'
import type { MailboxCommands } from './commands.ts'
import { mailboxKeys, partitionKeys, PARTITIONS } from './keys.ts'

/** Expired messages asked of a partition at first, and at most. */
const FIRST_PAGE = 16
const MAX_PAGE = 512

/** Removes expired messages of all partitions. Partitions are asked side by side, those that had a full page again and for more. */
export class RedisSweep {
  readonly #redis: RedisClient
  readonly #commands: MailboxCommands
  readonly #prefix: string

  constructor(redis: RedisClient, commands: MailboxCommands, prefix: string) {
    this.#redis = redis
    this.#commands = commands
    this.#prefix = prefix
  }

  async run(now: number, limit: number): Promise<number> {
    let removed = 0
    let partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
    for (let size = FIRST_PAGE; partitions.length > 0 && removed < limit; size = Math.min(4 * size, MAX_PAGE)) {
      const wanted = Math.min(size, limit - removed)
      const pages = await Promise.all(partitions.map((partition) => this.#page(partition, now, wanted)))
      removed += await this.#remove(pages.flat().slice(0, limit - removed), now)
      partitions = partitions.filter((_, index) => pages[index]?.length === wanted)
    }
    return removed
  }

  #page(partition: number, now: number, limit: number): Promise<string[]> {
    const { expiries } = partitionKeys(this.#prefix, partition)
    return this.#redis.zrangebyscore(expiries, '-inf', now, 'LIMIT', 0, limit)
  }

  /** Removes those of the messages that are still expired; how many. */
  async #remove(members: readonly string[], now: number): Promise<number> {
    const hashes = new Map<string, string[]>()
    for (const member of members) {
      const [, account, hash] = /^([^:]+):(.+)$/.exec(member) ?? []
      if (account === undefined || hash === undefined) {
        throw new StoreCorruptError('an expiry in Redis has another shape')
      }
      const known = hashes.get(account) ?? []
      known.push(hash)
      hashes.set(account, known)
    }
    const removed = await Promise.all(
      [...hashes].map(([account, some]) =>
        this.#commands.mailboxesRemoveNamed(
          ...mailboxKeys(this.#prefix, account).all,
          account,
          now,
          'expired',
          ...some,
        ),
      ),
    )
    return removed.reduce((sum, some) => sum + some.length, 0)
  }
}
