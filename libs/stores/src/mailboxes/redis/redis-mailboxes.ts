import { asBuffer } from '../../redis/as-buffer.ts'
import type { RedisClient } from '../../redis/redis-client.ts'
import { translated } from '../../redis/redis-error.ts'
import type {
  AccountHex,
  HashesByNamespace,
  Mailboxes,
  MailboxQuota,
  MailboxUsage,
  MessageList,
  MessageQuery,
  MessageRange,
  MessageTimes,
  NewMessage,
  OutboxEntry,
  PlanExpiries,
  StoreOutcome,
} from '../mailboxes.ts'
import { toHashesByNamespace, toMessageList } from './answers.ts'
import { defineMailboxCommands, type MailboxCommands } from './commands.ts'
import { type MailboxKeys, mailboxKeys, partitionKeys } from './keys.ts'
import { timesOf } from './message-meta.ts'
import { fromEvent, RedisOutbox, toId } from './outbox.ts'
import { RedisSweep } from './sweep.ts'

/** Mailboxes over a client that its owner ends. */
export class RedisMailboxes implements Mailboxes {
  readonly #redis: RedisClient
  readonly #commands: MailboxCommands
  readonly #prefix: string
  readonly #quota: MailboxQuota
  readonly #outbox: RedisOutbox
  readonly #sweep: RedisSweep
  #sweeping: Promise<unknown> = Promise.resolve()

  constructor(redis: RedisClient, prefix: string, quota: MailboxQuota) {
    this.#redis = redis
    this.#commands = defineMailboxCommands(redis)
    this.#prefix = prefix
    this.#quota = quota
    this.#outbox = new RedisOutbox(redis, this.#commands, prefix)
    this.#sweep = new RedisSweep(redis, this.#commands, prefix)
  }

  async store(message: NewMessage, now: number): Promise<StoreOutcome> {
    const { account, hash, namespace, timestamp, expiry, data, event } = message
    const { all, partition } = this.#keys(account)
    const { outbox, events, last } = partitionKeys(this.#prefix, partition)
    const flags = [message.replacesNamespace ? '1' : '0', message.isProtected ? '1' : '0']
    const quota = [finite(this.#quota.messages), finite(this.#quota.bytes)]
    const numbers = [namespace, timestamp, expiry]
    const args = [account, hash, ...numbers, ...flags, now, ...quota, fromEvent(event), asBuffer(data)]
    const answer = await translated(() => this.#commands.mailboxesStore(...all, outbox, events, last, ...args))
    const [outcome, answered, entry, evicted] = answer
    if (outcome === 'refused') return { outcome }
    if (outcome === 'known') return { outcome, expiry: Number(answered) }
    return { outcome: 'stored', expiry, outboxId: toId(partition, entry), evicted: Number(evicted) }
  }

  async retrieve({ account, namespace, after = '', limits }: MessageQuery, now: number): Promise<MessageList> {
    const args = [namespace, after, now, finite(limits.count), finite(limits.size), limits.overhead]
    const { all } = this.#keys(account)
    return translated(async () => toMessageList(await this.#commands.mailboxesRetrieveBuffer(...all, ...args)))
  }

  async delete(account: AccountHex, hashes: readonly string[], now: number): Promise<readonly string[]> {
    const { all } = this.#keys(account)
    return translated(() => this.#commands.mailboxesRemoveNamed(...all, account, now, 'live', ...hashes))
  }

  async deleteRange(account: AccountHex, { namespace, until }: MessageRange, now: number): Promise<HashesByNamespace> {
    const args = [account, now, namespace, until === undefined ? '' : finite(until)]
    const { all } = this.#keys(account)
    return toHashesByNamespace(await translated(() => this.#commands.mailboxesRemoveRange(...all, ...args)))
  }

  async shorten(
    account: AccountHex,
    namespace: number | 'all',
    expiry: number,
    now: number,
  ): Promise<HashesByNamespace> {
    const { all } = this.#keys(account)
    return toHashesByNamespace(
      await translated(() => this.#commands.mailboxesShorten(...all, account, now, namespace, expiry)),
    )
  }

  async times(account: AccountHex, hashes: readonly string[], now: number): Promise<ReadonlyMap<string, MessageTimes>> {
    return liveTimes(await this.#metas(account, hashes), now)
  }

  async changeExpiries(
    account: AccountHex,
    hashes: readonly string[],
    plan: PlanExpiries,
    now: number,
  ): Promise<ReadonlyMap<string, MessageTimes>> {
    for (;;) {
      const metas = await this.#metas(account, hashes)
      const stored = liveTimes(metas, now)
      const planned = plan(stored)
      const changes = new Map([...planned].filter(([hash]) => stored.has(hash)))
      if (changes.size === 0) return stored
      const args = [...metas].flatMap(([hash, meta]) => [hash, meta, changes.get(hash) ?? ''])
      const { all } = this.#keys(account)
      // When another writer was faster it has got on, so that of several writers one always does.
      const isDone = await translated(() => this.#commands.mailboxesChangeExpiries(...all, account, ...args))
      if (isDone === 1) return stored
    }
  }

  async revokedTokens(account: AccountHex): Promise<readonly Uint8Array[]> {
    return translated(() => this.#redis.lrangeBuffer(this.#keys(account).revoked, 0, -1))
  }

  async revoke(account: AccountHex, tokens: readonly Uint8Array[], keep: number): Promise<void> {
    const { revoked } = this.#keys(account)
    await translated(() => this.#commands.mailboxesRevoke(revoked, keep, ...tokens.map(asBuffer)))
  }

  async unrevoke(account: AccountHex, tokens: readonly Uint8Array[]): Promise<number> {
    const { revoked } = this.#keys(account)
    return translated(() => this.#commands.mailboxesUnrevoke(revoked, ...tokens.map(asBuffer)))
  }

  async usage(account: AccountHex): Promise<MailboxUsage> {
    const { counters } = this.#keys(account)
    const [messages, bytes] = await translated(() => this.#redis.hmget(counters, 'messages', 'bytes'))
    return { messages: Number(messages ?? 0), bytes: Number(bytes ?? 0) }
  }

  /** One sweep runs at a time, since two would find the same messages. */
  removeExpired(now: number, limit: number): Promise<number> {
    const run = (): Promise<number> => translated(() => this.#sweep.run(now, limit))
    const swept = this.#sweeping.then(run, run)
    this.#sweeping = swept
    return swept
  }

  async outbox(writtenBefore: number, limit: number): Promise<readonly OutboxEntry[]> {
    return translated(() => this.#outbox.oldest(writtenBefore, limit))
  }

  async removeFromOutbox(ids: readonly string[]): Promise<void> {
    await translated(() => this.#outbox.remove(ids))
  }

  async check(): Promise<void> {
    await translated(() => this.#redis.exists(partitionKeys(this.#prefix, 0).outbox))
  }

  async close(): Promise<void> {}

  #keys(account: AccountHex): MailboxKeys {
    return mailboxKeys(this.#prefix, account)
  }

  /** Meta of each of the messages, live or not, read at one time; empty when there is none. */
  async #metas(account: AccountHex, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(hashes)]
    if (wanted.length === 0) return new Map()
    const metas = await translated(() => this.#redis.hmget(this.#keys(account).meta, ...wanted))
    return new Map(wanted.map((hash, index) => [hash, metas[index] ?? '']))
  }
}

function liveTimes(metas: ReadonlyMap<string, string>, now: number): ReadonlyMap<string, MessageTimes> {
  const times = [...metas].filter(([, meta]) => meta !== '').map(([hash, meta]) => [hash, timesOf(meta)] as const)
  return new Map(times.filter(([, { expiry }]) => expiry > now))
}

/** Lua reads no infinity; no mailbox comes near the largest whole number. */
function finite(limit: number): number {
  return Math.min(limit, Number.MAX_SAFE_INTEGER)
}
