import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { OutboxEntry, OutboxEvent } from '../mailboxes.ts'

const NUMBER = /^[1-9][0-9]{0,14}$/

/** The statements over `outbox`. An entry is named by the name of the database, a hyphen and its number. */
export class OutboxTable {
  readonly #prefix: string
  readonly #add: StatementSync
  readonly #list: StatementSync
  readonly #remove: StatementSync

  constructor(database: DatabaseSync) {
    const name = database.prepare('SELECT name FROM identity').get()?.['name']
    this.#prefix = `${String(name)}-`
    this.#add = database.prepare('INSERT INTO outbox (written_at, partition, payload) VALUES (?, ?, ?)')
    this.#list = database.prepare(
      'SELECT number, partition, payload FROM outbox WHERE written_at < ? ORDER BY number LIMIT ?',
    )
    this.#remove = database.prepare('DELETE FROM outbox WHERE number = ?')
  }

  /** Adds an event behind all others; the name of the entry. */
  add({ partition, payload }: OutboxEvent, writtenAt: number): string {
    return this.#prefix + String(this.#add.run(writtenAt, partition, payload).lastInsertRowid)
  }

  /** The oldest entries that were written before a time. */
  list(writtenBefore: number, limit: number): OutboxEntry[] {
    return this.#list.all(writtenBefore, limit).map(({ number, partition, payload }) => ({
      id: this.#prefix + String(number),
      partition: Number(partition),
      payload: payload as Uint8Array,
    }))
  }

  /** Removes an entry, if there is one of this name. */
  remove(id: string): void {
    const number = id.slice(this.#prefix.length)
    if (id.startsWith(this.#prefix) && NUMBER.test(number)) this.#remove.run(Number(number))
  }
}
