import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type {
  HashesByNamespace,
  MessageLimits,
  MessageList,
  MessageRange,
  NewMessage,
  StoredMessage,
} from '../mailboxes.ts'
import type { Excess, Holding } from './make-room.ts'

/** A message without its data. */
export interface MessageRow {
  readonly sequence: number
  readonly namespace: number
  readonly timestamp: number
  readonly expiry: number
  readonly size: number
  readonly isProtected: number
}

type NamedRow = Record<'namespace', number> & Record<'hash', string>
/** A row of `#list`, which has no names: they cost as much as the rest of a read. */
type ListedRow = [hash: string, timestamp: number, expiry: number, size: number, data: Uint8Array]

const EVER = Number.MAX_SAFE_INTEGER

/** The statements over `messages`, which name a mailbox by its number. */
export class MessageTable {
  readonly #find: StatementSync
  readonly #add: StatementSync
  readonly #setExpiry: StatementSync
  readonly #remove: StatementSync
  readonly #list: StatementSync
  readonly #measure: StatementSync
  readonly #removeBefore: StatementSync
  readonly #listEvictable: StatementSync
  readonly #removeRange: StatementSync
  readonly #shorten: StatementSync
  readonly #removeExpired: StatementSync

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(
      `SELECT sequence, namespace, timestamp, expiry, size, is_protected AS isProtected FROM messages
       WHERE mailbox = ? AND hash = ?`,
    )
    this.#add = database.prepare(
      `INSERT INTO messages (mailbox, namespace, hash, timestamp, expiry, size, is_protected, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#setExpiry = database.prepare('UPDATE messages SET expiry = ? WHERE sequence = ?')
    this.#remove = database.prepare('DELETE FROM messages WHERE sequence = ?')
    this.#list = database.prepare(
      `SELECT hash, timestamp, expiry, size, data FROM messages INDEXED BY messages_by_namespace
       WHERE mailbox = ? AND namespace = ? AND sequence > ? AND expiry > ? ORDER BY sequence`,
    )
    this.#list.setReturnArrays(true)
    this.#measure = database.prepare(
      `SELECT count(*) AS messages, coalesce(sum(size), 0) AS bytes, coalesce(sum(is_protected), 0) AS protectedMessages,
         coalesce(sum(size * is_protected), 0) AS protectedBytes
       FROM messages INDEXED BY messages_by_namespace WHERE mailbox = ? AND namespace = ? AND hash <> ?`,
    )
    this.#removeBefore = database.prepare(
      'DELETE FROM messages INDEXED BY messages_by_namespace WHERE mailbox = ? AND namespace = ? AND sequence < ?',
    )
    this.#listEvictable = database.prepare(
      `SELECT sequence, size FROM messages INDEXED BY messages_by_age
       WHERE mailbox = ? AND is_protected = 0 AND sequence < ? ORDER BY sequence`,
    )
    this.#removeRange = database.prepare(
      `DELETE FROM messages INDEXED BY messages_by_namespace
       WHERE mailbox = ? AND namespace BETWEEN ? AND ? AND timestamp <= ? AND expiry > ? RETURNING namespace, hash`,
    )
    this.#shorten = database.prepare(
      `UPDATE messages INDEXED BY messages_by_namespace SET expiry = ?
       WHERE mailbox = ? AND namespace BETWEEN ? AND ? AND expiry > ? RETURNING namespace, hash`,
    )
    this.#removeExpired = database.prepare(
      `DELETE FROM messages WHERE sequence IN
         (SELECT sequence FROM messages WHERE expiry <= ? ORDER BY expiry LIMIT ?)`,
    )
  }

  /** The message with this hash, expired or not. */
  find(mailbox: number, hash: string): MessageRow | undefined {
    return this.#find.get(mailbox, hash) as MessageRow | undefined
  }

  /** Adds a message behind all others; its sequence. */
  add(mailbox: number, { namespace, hash, timestamp, expiry, isProtected, data }: NewMessage): number {
    const added = this.#add.run(mailbox, namespace, hash, timestamp, expiry, data.length, Number(isProtected), data)
    return Number(added.lastInsertRowid)
  }

  setExpiry(sequence: number, expiry: number): void {
    this.#setExpiry.run(expiry, sequence)
  }

  remove(sequence: number): void {
    this.#remove.run(sequence)
  }

  /** The messages of a namespace behind `sequence` that are live at `now`, as many as the limits allow. */
  list(mailbox: number, namespace: number, sequence: number, limits: MessageLimits, now: number): MessageList {
    const messages: StoredMessage[] = []
    let size = 0
    for (const row of this.#list.iterate(mailbox, namespace, sequence, now)) {
      const [hash, timestamp, expiry, length, data] = row as unknown as ListedRow
      size += limits.overhead + Math.floor((4 * length) / 3)
      const fits = size <= limits.size && messages.length < limits.count
      if (!fits && messages.length > 0) return { messages, more: true }
      messages.push({ hash, timestamp, expiry, data })
    }
    return { messages, more: false }
  }

  /** What the messages of a namespace take up, but for one hash. */
  measure(mailbox: number, namespace: number, exceptHash: string): Holding {
    return this.#measure.get(mailbox, namespace, exceptHash) as unknown as Holding
  }

  /** Removes the messages of a namespace that were added before `sequence`. */
  removeBefore(mailbox: number, namespace: number, sequence: number): void {
    this.#removeBefore.run(mailbox, namespace, sequence)
  }

  /** Removes the oldest messages before `sequence` that are not protected until so much is gone; how many. */
  evict(mailbox: number, sequence: number, excess: Excess): number {
    const evicted: number[] = []
    let bytes = 0
    for (const row of this.#listEvictable.iterate(mailbox, sequence)) {
      evicted.push(Number(row['sequence']))
      bytes += Number(row['size'])
      if (evicted.length >= excess.messages && bytes >= excess.bytes) break
    }
    for (const one of evicted) this.remove(one)
    return evicted.length
  }

  /** Removes the live messages in a range. */
  removeRange(mailbox: number, { namespace, until = EVER }: MessageRange, now: number): HashesByNamespace {
    return byNamespace(this.#removeRange.all(mailbox, ...bounds(namespace), until, now))
  }

  /** Gives the live messages of a namespace, or of all, that expire after `expiry` this expiry. */
  shorten(mailbox: number, namespace: number | 'all', expiry: number, now: number): HashesByNamespace {
    return byNamespace(this.#shorten.all(expiry, mailbox, ...bounds(namespace), Math.max(expiry, now)))
  }

  /** Removes the longest expired `limit` messages; how many. */
  removeExpired(now: number, limit: number): number {
    return Number(this.#removeExpired.run(now, limit).changes)
  }
}

function bounds(namespace: number | 'all'): [number, number] {
  return namespace === 'all' ? [-32_768, 32_767] : [namespace, namespace]
}

function byNamespace(rows: readonly unknown[]): HashesByNamespace {
  const hashes = new Map<number, string[]>()
  for (const { namespace, hash } of rows as NamedRow[]) {
    const some = hashes.get(namespace)
    if (some === undefined) hashes.set(namespace, [hash])
    else some.push(hash)
  }
  return hashes
}
