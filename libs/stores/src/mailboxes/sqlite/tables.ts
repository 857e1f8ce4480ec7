import type { DatabaseSync } from 'node:sqlite'
import { MailboxTable } from './mailbox-table.ts'
import { MessageTable } from './message-table.ts'
import { OutboxTable } from './outbox-table.ts'
import { RevocationTable } from './revocation-table.ts'

/** The tables of one database; methods that change something are steps inside a transaction of the caller. */
export class Tables {
  readonly mailboxes: MailboxTable
  readonly messages: MessageTable
  readonly revocations: RevocationTable
  readonly outbox: OutboxTable

  constructor(database: DatabaseSync) {
    this.mailboxes = new MailboxTable(database)
    this.messages = new MessageTable(database)
    this.revocations = new RevocationTable(database)
    this.outbox = new OutboxTable(database)
  }
}
