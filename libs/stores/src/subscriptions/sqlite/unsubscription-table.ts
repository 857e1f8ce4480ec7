import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** The statements over the remembered unsubscriptions; those that change something are steps inside a transaction of the caller. */
export class UnsubscriptionTable {
  readonly #find: StatementSync
  readonly #remember: StatementSync
  readonly #forget: StatementSync
  readonly #keepLatest: StatementSync
  readonly #forgetExpired: StatementSync

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT signed_at FROM unsubscriptions WHERE account = ? AND device = ?')
    this.#remember = database.prepare(
      `INSERT INTO unsubscriptions (account, device, signed_at) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET signed_at = max(signed_at, excluded.signed_at)`,
    )
    this.#forget = database.prepare('DELETE FROM unsubscriptions WHERE account = ? AND device = ?')
    this.#keepLatest = database.prepare(
      `DELETE FROM unsubscriptions WHERE account = ?1 AND device IN
         (SELECT device FROM unsubscriptions WHERE account = ?1 ORDER BY signed_at DESC, device DESC LIMIT -1 OFFSET ?2)`,
    )
    this.#forgetExpired = database.prepare(
      `DELETE FROM unsubscriptions WHERE (account, device) IN
         (SELECT account, device FROM unsubscriptions INDEXED BY unsubscriptions_by_age
          WHERE signed_at <= ? ORDER BY signed_at LIMIT ?)`,
    )
  }

  /** When the device was unsubscribed last, in seconds, expired or not; undefined when that is not remembered. */
  find(account: Uint8Array, device: Uint8Array): number | undefined {
    return this.#find.get(account, device)?.['signed_at'] as number | undefined
  }

  /** Remembers an unsubscription unless a later one is, and no more of the account than its `most` latest ones. */
  remember(account: Uint8Array, device: Uint8Array, signedAt: number, most: number): void {
    this.#remember.run(account, device, signedAt)
    this.#keepLatest.run(account, most)
  }

  forget(account: Uint8Array, device: Uint8Array): void {
    this.#forget.run(account, device)
  }

  /** Forgets up to `limit` unsubscriptions that were signed at or before `goneUntil`, the earliest first; how many. */
  forgetExpired(goneUntil: number, limit: number): number {
    return Number(this.#forgetExpired.run(goneUntil, limit).changes)
  }
}
