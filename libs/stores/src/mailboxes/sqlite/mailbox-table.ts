import { Buffer } from 'node:buffer'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AccountHex } from '../mailboxes.ts'
import type { Holding } from './make-room.ts'

/** A mailbox that has messages, and what they take up. */
export interface MailboxRow extends Holding {
  readonly number: number
}

/** The statements over `mailboxes`. */
export class MailboxTable {
  readonly #find: StatementSync
  readonly #findNumber: StatementSync
  readonly #add: StatementSync

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(
      `SELECT number, messages, bytes, protected_messages AS protectedMessages, protected_bytes AS protectedBytes
       FROM mailboxes WHERE account = ?`,
    )
    this.#findNumber = database.prepare('SELECT number FROM mailboxes WHERE account = ?')
    this.#add = database.prepare('INSERT INTO mailboxes (account) VALUES (?)')
  }

  /** The mailbox, unless it has no message. */
  find(account: AccountHex): MailboxRow | undefined {
    return this.#find.get(accountBytes(account)) as MailboxRow | undefined
  }

  /** The number of the mailbox, unless it has no message. */
  number(account: AccountHex): number | undefined {
    return this.#findNumber.get(accountBytes(account))?.['number'] as number | undefined
  }

  /** Makes a mailbox for an account that has none; its number. The caller puts a message into it. */
  add(account: AccountHex): number {
    return Number(this.#add.run(accountBytes(account)).lastInsertRowid)
  }
}

/** The 33 bytes of an account. */
export function accountBytes(account: AccountHex): Uint8Array {
  return Buffer.from(account, 'hex')
}
