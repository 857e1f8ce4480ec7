import type {
  HashesByNamespace,
  MailboxQuota,
  MailboxUsage,
  MessageList,
  MessageQuery,
  MessageRange,
  MessageTimes,
  NewMessage,
  OutboxEvent,
  PlanExpiries,
  StoreOutcome,
} from './mailboxes.ts'

type Row = NewMessage

/** What the model says of a store: the adapter alone knows the name of the outbox entry. */
export type ModelOutcome =
  Exclude<StoreOutcome, { outcome: 'stored' }> | { outcome: 'stored'; expiry: number; evicted: number }

interface ModelEntry extends OutboxEvent {
  readonly writtenAt: number
}

/** What mailboxes are to do, in the plainest words: the model that adapters are compared with. All messages lie in order of insertion. */
export class ModelMailboxes {
  readonly #quota: MailboxQuota
  #rows: Row[] = []
  readonly #revoked = new Map<string, string[]>()
  entries: ModelEntry[] = []
  /** The clock of the steps. */
  now = 0

  constructor(quota: MailboxQuota) {
    this.#quota = quota
  }

  store(message: NewMessage): ModelOutcome {
    const known = this.#live(message.account).find(({ hash }) => hash === message.hash)
    if (known !== undefined) {
      const expiry = Math.max(known.expiry, message.expiry)
      this.#setExpiry(known, expiry)
      return { outcome: 'known', expiry }
    }
    const kept = this.#rows.filter((row) => {
      if (row.account !== message.account) return true
      return row.hash !== message.hash && !(message.replacesNamespace && row.namespace === message.namespace)
    })
    kept.push(message)
    let evicted = 0
    while (this.#isOverQuota(usageOf(kept, message.account))) {
      const oldest = kept.findIndex((row) => row.account === message.account && !row.isProtected && row !== message)
      if (oldest === -1) return { outcome: 'refused' }
      kept.splice(oldest, 1)
      evicted++
    }
    this.#rows = kept
    this.entries.push({ ...message.event, writtenAt: this.now })
    return { outcome: 'stored', expiry: message.expiry, evicted }
  }

  retrieve({ account, namespace, after, limits }: MessageQuery): MessageList {
    const live = this.#live(account).filter((row) => row.namespace === namespace)
    const wanted = live.slice(live.findIndex(({ hash }) => hash === after) + 1)
    let size = 0
    const end = wanted.findIndex(({ data }, index) => {
      size += limits.overhead + Math.floor((4 * data.length) / 3)
      return index > 0 && (size > limits.size || index >= limits.count)
    })
    const page = end === -1 ? wanted : wanted.slice(0, end)
    return {
      messages: page.map(({ hash, timestamp, expiry, data }) => ({ hash, timestamp, expiry, data })),
      more: end !== -1,
    }
  }

  delete(account: string, hashes: readonly string[]): string[] {
    const gone = this.#live(account).filter(({ hash }) => hashes.includes(hash))
    this.#remove(gone)
    return gone.map(({ hash }) => hash)
  }

  deleteRange(account: string, { namespace, until = Infinity }: MessageRange): HashesByNamespace {
    const gone = this.#live(account).filter((row) => isIn(row, namespace) && row.timestamp <= until)
    this.#remove(gone)
    return byNamespace(gone)
  }

  shorten(account: string, namespace: number | 'all', expiry: number): HashesByNamespace {
    const changed = this.#live(account).filter((row) => isIn(row, namespace) && row.expiry > expiry)
    for (const row of changed) this.#setExpiry(row, expiry)
    return byNamespace(changed)
  }

  times(account: string, hashes: readonly string[]): ReadonlyMap<string, MessageTimes> {
    const rows = this.#live(account).filter(({ hash }) => hashes.includes(hash))
    return new Map(rows.map(({ hash, timestamp, expiry }) => [hash, { timestamp, expiry }]))
  }

  changeExpiries(account: string, hashes: readonly string[], plan: PlanExpiries): ReadonlyMap<string, MessageTimes> {
    const stored = this.times(account, hashes)
    const expiries = plan(stored)
    for (const row of this.#live(account)) {
      const expiry = expiries.get(row.hash)
      if (stored.has(row.hash) && expiry !== undefined) this.#setExpiry(row, expiry)
    }
    return stored
  }

  revokedTokens(account: string): readonly string[] {
    return this.#revoked.get(account) ?? []
  }

  revoke(account: string, tokens: readonly string[], keep: number): void {
    let list = [...this.revokedTokens(account)]
    for (const token of tokens) list = [...list.filter((one) => one !== token), token]
    this.#revoked.set(account, list.slice(-keep))
  }

  unrevoke(account: string, tokens: readonly string[]): number {
    const before = this.revokedTokens(account)
    const left = before.filter((token) => !tokens.includes(token))
    this.#revoked.set(account, left)
    return before.length - left.length
  }

  usage(account: string): MailboxUsage {
    return usageOf(this.#rows, account)
  }

  /** Removes all that has expired; how many. */
  removeExpired(): number {
    const expired = this.#rows.filter(({ expiry }) => expiry <= this.now)
    this.#remove(expired)
    return expired.length
  }

  #live(account: string): Row[] {
    return this.#rows.filter((row) => row.account === account && row.expiry > this.now)
  }

  #setExpiry(row: Row, expiry: number): void {
    this.#rows[this.#rows.indexOf(row)] = { ...row, expiry }
  }

  #remove(gone: readonly Row[]): void {
    this.#rows = this.#rows.filter((row) => !gone.includes(row))
  }

  #isOverQuota({ messages, bytes }: MailboxUsage): boolean {
    return messages > this.#quota.messages || bytes > this.#quota.bytes
  }
}

function usageOf(rows: readonly Row[], account: string): MailboxUsage {
  const own = rows.filter((row) => row.account === account)
  return { messages: own.length, bytes: own.reduce((sum, { data }) => sum + data.length, 0) }
}

function isIn(row: Row, namespace: number | 'all'): boolean {
  return namespace === 'all' || row.namespace === namespace
}

function byNamespace(rows: readonly Row[]): HashesByNamespace {
  const hashes = new Map<number, string[]>()
  for (const { namespace, hash } of rows) hashes.set(namespace, [...(hashes.get(namespace) ?? []), hash])
  return hashes
}
