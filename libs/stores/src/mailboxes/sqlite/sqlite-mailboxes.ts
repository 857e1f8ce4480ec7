import type { StoreDatabase } from '../../sqlite/store-database.ts'
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
import type { MessageRow } from './message-table.ts'
import { storeMessage } from './store-message.ts'
import type { Tables } from './tables.ts'

/** Mailboxes over an open database, which they close. */
export class SqliteMailboxes implements Mailboxes {
  readonly #database: StoreDatabase
  readonly #tables: Tables
  readonly #quota: MailboxQuota

  constructor(database: StoreDatabase, tables: Tables, quota: MailboxQuota) {
    this.#database = database
    this.#tables = tables
    this.#quota = quota
  }

  async store(message: NewMessage, now: number): Promise<StoreOutcome> {
    return this.#database.write(() => storeMessage(this.#tables, message, this.#quota, now))
  }

  async retrieve({ account, namespace, after, limits }: MessageQuery, now: number): Promise<MessageList> {
    return this.#database.read(() => {
      const mailbox = this.#tables.mailboxes.number(account)
      if (mailbox === undefined) return { messages: [], more: false }
      const last = after === undefined ? undefined : this.#tables.messages.find(mailbox, after)
      const isKnown = last !== undefined && last.namespace === namespace && last.expiry > now
      return this.#tables.messages.list(mailbox, namespace, isKnown ? last.sequence : 0, limits, now)
    })
  }

  async delete(account: AccountHex, hashes: readonly string[], now: number): Promise<readonly string[]> {
    return this.#database.write(() => {
      const live = this.#findLive(account, hashes, now)
      for (const { sequence } of live.values()) this.#tables.messages.remove(sequence)
      return [...live.keys()]
    })
  }

  async deleteRange(account: AccountHex, range: MessageRange, now: number): Promise<HashesByNamespace> {
    return this.#database.write(() => {
      const mailbox = this.#tables.mailboxes.number(account)
      return mailbox === undefined ? new Map() : this.#tables.messages.removeRange(mailbox, range, now)
    })
  }

  async shorten(
    account: AccountHex,
    namespace: number | 'all',
    expiry: number,
    now: number,
  ): Promise<HashesByNamespace> {
    return this.#database.write(() => {
      const mailbox = this.#tables.mailboxes.number(account)
      return mailbox === undefined ? new Map() : this.#tables.messages.shorten(mailbox, namespace, expiry, now)
    })
  }

  async times(account: AccountHex, hashes: readonly string[], now: number): Promise<ReadonlyMap<string, MessageTimes>> {
    return this.#database.read(() => timesOf(this.#findLive(account, hashes, now)))
  }

  async changeExpiries(
    account: AccountHex,
    hashes: readonly string[],
    plan: PlanExpiries,
    now: number,
  ): Promise<ReadonlyMap<string, MessageTimes>> {
    return this.#database.write(() => {
      const live = this.#findLive(account, hashes, now)
      const stored = timesOf(live)
      for (const [hash, expiry] of plan(stored)) {
        const row = live.get(hash)
        if (row !== undefined) this.#tables.messages.setExpiry(row.sequence, expiry)
      }
      return stored
    })
  }

  async revokedTokens(account: AccountHex): Promise<readonly Uint8Array[]> {
    return this.#database.read(() => this.#tables.revocations.list(account))
  }

  async revoke(account: AccountHex, tokens: readonly Uint8Array[], keep: number): Promise<void> {
    return this.#database.write(() => this.#tables.revocations.add(account, tokens, keep))
  }

  async unrevoke(account: AccountHex, tokens: readonly Uint8Array[]): Promise<number> {
    return this.#database.write(() => this.#tables.revocations.remove(account, tokens))
  }

  async usage(account: AccountHex): Promise<MailboxUsage> {
    const mailbox = this.#database.read(() => this.#tables.mailboxes.find(account))
    return { messages: mailbox?.messages ?? 0, bytes: mailbox?.bytes ?? 0 }
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.#database.write(() => this.#tables.messages.removeExpired(now, limit))
  }

  async outbox(writtenBefore: number, limit: number): Promise<readonly OutboxEntry[]> {
    return this.#database.read(() => this.#tables.outbox.list(writtenBefore, limit))
  }

  async removeFromOutbox(ids: readonly string[]): Promise<void> {
    return this.#database.writeWithNext(() => {
      for (const id of ids) this.#tables.outbox.remove(id)
    })
  }

  async check(): Promise<void> {
    this.#database.read(() => this.#tables.mailboxes.number(''))
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  /** Those of the messages that are live, each once. */
  #findLive(account: AccountHex, hashes: readonly string[], now: number): Map<string, MessageRow> {
    const live = new Map<string, MessageRow>()
    const mailbox = this.#tables.mailboxes.number(account)
    if (mailbox === undefined) return live
    for (const hash of hashes) {
      const row = this.#tables.messages.find(mailbox, hash)
      if (row !== undefined && row.expiry > now) live.set(hash, row)
    }
    return live
  }
}

function timesOf(rows: ReadonlyMap<string, MessageRow>): ReadonlyMap<string, MessageTimes> {
  return new Map([...rows].map(([hash, { timestamp, expiry }]) => [hash, { timestamp, expiry }]))
}
