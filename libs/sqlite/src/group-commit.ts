import type { DatabaseSync } from 'node:sqlite'

/** How long work that is in no hurry waits for other work to share its commit, in milliseconds. */
const PATIENCE = 20

/** Turns of the event loop for which a group waits as long as it grows: a sync to disk takes as long as several turns. */
const MAX_TURNS = 4

interface Pending {
  /** Does the work and remembers what came out. */
  readonly run: () => void
  /** Resolves the caller's promise with what came out. */
  readonly settle: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Runs pieces of work on a database in groups: what is asked for within one turn of the event loop, or within a few while more comes with
 * each, shares one transaction and so one sync to disk. A promise resolves only after the commit that holds its work. Work may be run again when its group has failed, after all
 * it did was rolled back.
 */
export class GroupCommit {
  readonly #database: DatabaseSync
  #pending: Pending[] = []
  #immediate: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  #turns = 0
  /** Length of the group at the last turn. */
  #length = 0

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Rejects with the error of `work` or of the commit; other work of the group is not harmed by it. */
  run<Result>(work: () => Result): Promise<Result> {
    this.#immediate ??= setImmediate(() => this.#turn())
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
    this.#turns = 0
    this.#length = 0
    const group = this.#pending
    this.#pending = []
    if (group.length === 0) return
    try {
      this.#transaction(group)
    } catch (error) {
      if (group.length === 1) return group[0]?.reject(error)
      // One piece of work has failed, perhaps for its size, and took the group with it: the others are still done.
      for (const one of group) this.#alone(one)
      return
    }
    for (const { settle } of group) settle()
  }

  #turn(): void {
    const hasGrown = this.#pending.length > this.#length
    this.#length = this.#pending.length
    if (!hasGrown || ++this.#turns > MAX_TURNS) return this.flush()
    this.#immediate = setImmediate(() => this.#turn())
  }

  #add<Result>(work: () => Result): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      let result: Result
      const run = (): void => {
        result = work()
      }
      this.#pending.push({ run, settle: () => resolve(result), reject })
    })
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
}
