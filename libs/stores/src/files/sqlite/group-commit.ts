import type { DatabaseSync } from 'node:sqlite'

interface Pending {
  /** Does the work in a savepoint and remembers how it went. */
  readonly run: () => void
  /** Settles the caller's promise as the work went. */
  readonly settle: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Runs pieces of work on a database in groups: everything asked for within one turn of the event loop shares one transaction and so one
 * sync to disk. A promise resolves only after the commit that holds its work.
 */
export class GroupCommit {
  readonly #database: DatabaseSync
  #pending: Pending[] = []

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Rejects with the error of `work` or of the commit; other work of the group is not harmed by it. */
  run<Result>(work: () => Result): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      let settle: () => void
      const refuse: (error: unknown) => void = reject
      const run = (): void => {
        try {
          const result = this.#inSavepoint(work)
          settle = () => resolve(result)
        } catch (error) {
          // Without a transaction the rest of the group is lost too, and `flush` has to know.
          if (!this.#database.isTransaction) throw error
          settle = () => refuse(error)
        }
      }
      if (this.#pending.length === 0) setImmediate(() => this.flush())
      this.#pending.push({ run, settle: () => settle(), reject: refuse })
    })
  }

  /** Commits what waits, now. */
  flush(): void {
    const group = this.#pending
    this.#pending = []
    if (group.length === 0) return
    try {
      this.#transaction(group)
    } catch (error) {
      if (group.length === 1) return group[0]?.reject(error)
      // The whole group failed, perhaps for the size of one: what fits alone is still taken.
      for (const one of group) this.#alone(one)
      return
    }
    for (const { settle } of group) settle()
  }

  #alone(one: Pending): void {
    try {
      this.#transaction([one])
    } catch (error) {
      return one.reject(error)
    }
    one.settle()
  }

  #transaction(group: readonly Pending[]): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const { run } of group) run()
      this.#database.exec('COMMIT')
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #inSavepoint<Result>(work: () => Result): Result {
    this.#database.exec('SAVEPOINT work')
    try {
      const result = work()
      this.#database.exec('RELEASE work')
      return result
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK TO work; RELEASE work')
      throw error
    }
  }
}
