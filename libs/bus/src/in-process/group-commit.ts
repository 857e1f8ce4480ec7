import type { DatabaseSync } from 'node:sqlite'

/** How long work that is in no hurry waits for other work to share its commit, in milliseconds. */
const PATIENCE = 20

interface Pending {
  readonly run: () => void
  readonly reject: (error: unknown) => void
  readonly resolve: () => void
}

/**
 * Runs pieces of work on a database in groups: everything asked for within one turn of the event loop shares one transaction and so
 * one sync to disk. A promise resolves after the commit that holds its work.
 */
export class GroupCommit {
  readonly #database: DatabaseSync
  #pending: Pending[] = []
  #immediate: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Rejects with the error of `work` or of the commit; other work of the group is not harmed by it. */
  run<Result>(work: () => Result): Promise<Result> {
    this.#immediate ??= setImmediate(() => this.flush())
    return this.#add(work)
  }

  /** Like `run`, but with the commit of the work that comes next, unless that takes too long. */
  runWithNext<Result>(work: () => Result): Promise<Result> {
    this.#timer ??= setTimeout(() => this.flush(), PATIENCE)
    return this.#add(work)
  }

  /** Commits what waits, now. */
  flush(): void {
    clearImmediate(this.#immediate)
    clearTimeout(this.#timer)
    this.#immediate = undefined
    this.#timer = undefined
    const group = this.#pending
    this.#pending = []
    if (group.length === 0) return
    try {
      this.#transaction(group)
    } catch (error) {
      if (group.length === 1) return group[0]?.reject(error)
      for (const one of group) this.#alone(one)
      return
    }
    for (const { resolve } of group) resolve()
  }

  #add<Result>(work: () => Result): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      let result: Result
      this.#pending.push({ run: () => void (result = work()), resolve: () => resolve(result), reject })
    })
  }

  #alone(one: Pending): void {
    try {
      this.#transaction([one])
    } catch (error) {
      return one.reject(error)
    }
    one.resolve()
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
}
