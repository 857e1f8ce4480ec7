import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { FILTER_KEY_LENGTH, generationOf } from '../generation.ts'

/** The statements over `seen`; methods that change something are steps inside a transaction of the caller. */
export class DuplicateFilter {
  readonly #windowMs: number
  readonly #add: StatementSync
  readonly #find: StatementSync
  readonly #oldest: StatementSync
  readonly #nth: StatementSync
  readonly #removeUntil: StatementSync
  readonly #remove: StatementSync

  constructor(database: DatabaseSync, windowMs: number) {
    this.#windowMs = windowMs
    this.#add = database.prepare(
      `INSERT OR IGNORE INTO seen (generation, key) SELECT ?1, ?2
       WHERE NOT EXISTS (SELECT 1 FROM seen WHERE generation IN (?1 - 1, ?1 + 1) AND key = ?2)`,
    )
    this.#find = database.prepare('SELECT 1 FROM seen WHERE generation IN (?1 - 1, ?1, ?1 + 1) AND key = ?2')
    this.#oldest = database.prepare('SELECT min(generation) AS generation FROM seen')
    this.#nth = database.prepare('SELECT key FROM seen WHERE generation = ? ORDER BY key LIMIT 1 OFFSET ?')
    this.#removeUntil = database.prepare('DELETE FROM seen WHERE generation = ? AND key <= ?')
    this.#remove = database.prepare('DELETE FROM seen WHERE generation = ?')
  }

  /** Whether the key is not known; it is from then on. */
  add(key: Uint8Array, now: number): boolean {
    return this.#add.run(generationOf(now, this.#windowMs), key.subarray(0, FILTER_KEY_LENGTH)).changes === 1
  }

  has(key: Uint8Array, now: number): boolean {
    return this.#find.get(generationOf(now, this.#windowMs), key.subarray(0, FILTER_KEY_LENGTH)) !== undefined
  }

  /** Removes up to `limit` keys that no acceptance looks for any more. */
  removeForgotten(now: number, limit: number): void {
    const oldest = this.#oldest.get()?.['generation']
    if (typeof oldest !== 'number' || oldest >= generationOf(now, this.#windowMs) - 1) return
    // Without an ORDER BY of its own DELETE would read all keys to find the first.
    const last = this.#nth.get(oldest, limit - 1)?.['key']
    if (last instanceof Uint8Array) this.#removeUntil.run(oldest, last)
    else this.#remove.run(oldest)
  }
}
