import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AccountHex } from '../mailboxes.ts'
import { accountBytes } from './mailbox-table.ts'

/** The statements over `revoked_tokens`. */
export class RevocationTable {
  readonly #list: StatementSync
  readonly #add: StatementSync
  readonly #remove: StatementSync
  readonly #removeOldest: StatementSync

  constructor(database: DatabaseSync) {
    this.#list = database.prepare('SELECT token FROM revoked_tokens WHERE account = ? ORDER BY position')
    this.#add = database.prepare('INSERT INTO revoked_tokens (account, token) VALUES (?, ?)')
    this.#remove = database.prepare('DELETE FROM revoked_tokens WHERE account = ? AND token = ?')
    this.#removeOldest = database.prepare(
      `DELETE FROM revoked_tokens WHERE position IN
         (SELECT position FROM revoked_tokens WHERE account = ? ORDER BY position DESC LIMIT -1 OFFSET ?)`,
    )
  }

  /** Revoked tokens, the most recently revoked last. */
  list(account: AccountHex): Uint8Array[] {
    return this.#list.all(accountBytes(account)).map(({ token }) => token as Uint8Array)
  }

  /** Puts tokens at the end; only the last `keep` of all stay. */
  add(account: AccountHex, tokens: readonly Uint8Array[], keep: number): void {
    const bytes = accountBytes(account)
    for (const token of tokens) {
      this.#remove.run(bytes, token)
      this.#add.run(bytes, token)
    }
    this.#removeOldest.run(bytes, keep)
  }

  /** Takes tokens off the list; how many were on it. */
  remove(account: AccountHex, tokens: readonly Uint8Array[]): number {
    const bytes = accountBytes(account)
    return tokens.reduce((count, token) => count + Number(this.#remove.run(bytes, token).changes), 0)
  }
}
