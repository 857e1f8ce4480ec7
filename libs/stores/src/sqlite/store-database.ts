import type { DatabaseSync } from 'node:sqlite'
import { GroupCommit } from '#sqlite'
import { type DatabaseKind, openDatabase } from './open-database.ts'
import { translateSqliteError } from './translate-error.ts'

/**
 * One SQLite file as a store uses it: reads run at once and see committed state only, since a group of writes runs within one turn;
 * writes are durable once their promise resolves. Whatever SQLite throws becomes one of the library's errors.
 */
export class StoreDatabase {
  readonly #name: string
  readonly #database: DatabaseSync
  readonly #commits: GroupCommit

  private constructor(name: string, database: DatabaseSync) {
    this.#name = name
    this.#database = database
    this.#commits = new GroupCommit(database)
  }

  /**
   * Opens or creates the file; `prepare` makes what works on it. Throws `StoreCorruptError` when it is damaged, foreign or made by a
   * newer version, and `StoreUnavailableError` when it cannot be opened.
   */
  static open<Tables>(
    path: string,
    kind: DatabaseKind,
    maxBytes: number | undefined,
    prepare: (database: DatabaseSync) => Tables,
  ): { database: StoreDatabase; tables: Tables } {
    let database: DatabaseSync | undefined
    try {
      database = openDatabase(path, kind, maxBytes)
      return { database: new StoreDatabase(kind.name, database), tables: prepare(database) }
    } catch (error) {
      database?.close()
      throw translateSqliteError(error, kind.name)
    }
  }

  read<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw translateSqliteError(error, this.#name)
    }
  }

  /** Does `work` with the group of this turn. */
  async write<Result>(work: () => Result): Promise<Result> {
    try {
      return await this.#commits.run(work)
    } catch (error) {
      throw translateSqliteError(error, this.#name)
    }
  }

  /** Does `work` with the group that comes next: for what is in no hurry and not worth a sync to disk of its own. */
  async writeWithNext<Result>(work: () => Result): Promise<Result> {
    try {
      return await this.#commits.runWithNext(work)
    } catch (error) {
      throw translateSqliteError(error, this.#name)
    }
  }

  /** Commits what waits and closes; a second call does nothing. */
  close(): void {
    if (!this.#database.isOpen) return
    this.#commits.flush()
    this.read(() => this.#database.close())
  }
}
