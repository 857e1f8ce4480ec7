import { Buffer } from 'node:buffer'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AccountHex, NewMessage } from '../mailboxes.ts'
import type { Holding } from './make-room.ts'

/** A mailbox that has messages, and what they take up. */
export interface MailboxRow extends Holding {
  readonly number: number
}

/** The statements over `mailboxes`. */
export class MailboxTable {
  readonly #find: StatementSync
  readonly #findNumber: StatementSync
  readonly #create: StatementSync
  readonly #count: StatementSync

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(
      `SELECT number, messages, bytes, protected_messages AS protectedMessages, protected_bytes AS protectedBytes
       FROM mailboxes WHERE account = ?`,
    )
    this.#findNumber = database.prepare('SELECT number FROM mailboxes WHERE account = ?')
    this.#create = database.prepare(
      'INSERT INTO mailboxes (account, messages, bytes, protected_messages, protected_bytes) VALUES (?, 1, ?, ?, ?)',
    )
    this.#count = database.prepare(
      `UPDATE mailboxes SET messages = messages + 1, bytes = bytes + ?, protected_messages = protected_messages + ?,
         protected_bytes = protected_bytes + ? WHERE number = ?`,
    )
  }

  /** The mailbox, unless it has no message. */
  find(account: AccountHex): MailboxRow | undefined {
    return this.#find.get(accountBytes(account)) as MailboxRow | undefined
  }

  /** The number of the mailbox, unless it has no message. */
  number(account: AccountHex): number | undefined {
    return this.#findNumber.get(accountBytes(account))?.['number'] as number | undefined
  }

  /** Makes a mailbox for an account that has none and counts its first message, which the caller adds; its number. */
  create({ account, data, isProtected }: NewMessage): number {
    const count = Number(isProtected)
    const created = this.#create.run(accountBytes(account), data.length, count, count * data.length)
    return Number(created.lastInsertRowid)
  }

  /** Counts a message more, which the caller adds. */
  count(number: number, { data, isProtected }: NewMessage): void {
    const count = Number(isProtected)
    this.#count.run(data.length, count, count * data.length, number)
  }
}

/** The 33 bytes of an account. */
export function accountBytes(account: AccountHex): Uint8Array {
  return Buffer.from(account, 'hex')
}
