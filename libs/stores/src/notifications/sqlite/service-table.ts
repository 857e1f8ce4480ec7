import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { NotificationBooks, NotificationEnd } from '../notifications.ts'

interface ServiceRow {
  readonly number: number
  readonly waiting: number
}

type BooksRow = Record<'accepted' | 'handedOver' | 'expired' | 'tokenDead' | 'givenUp', number> & {
  readonly name: string
}

/** Columns of the four ends. */
const COLUMNS: Readonly<Record<NotificationEnd, string>> = {
  'handed-over': 'handed_over',
  expired: 'expired',
  'token-dead': 'token_dead',
  'given-up': 'given_up',
}

/** The statements over `services`, which are the books; methods that change something are steps inside a transaction of the caller. */
export class ServiceTable {
  readonly #find: StatementSync
  readonly #create: StatementSync
  readonly #countAccepted: StatementSync
  readonly #countEnds: ReadonlyMap<NotificationEnd, StatementSync>
  readonly #list: StatementSync

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(
      `SELECT number, accepted - handed_over - expired - token_dead - given_up AS waiting FROM services WHERE name = ?`,
    )
    this.#create = database.prepare('INSERT INTO services (name) VALUES (?)')
    this.#countAccepted = database.prepare('UPDATE services SET accepted = accepted + ? WHERE number = ?')
    this.#countEnds = new Map(
      (Object.keys(COLUMNS) as NotificationEnd[]).map((end) => {
        const column = COLUMNS[end]
        return [end, database.prepare(`UPDATE services SET ${column} = ${column} + ? WHERE number = ?`)]
      }),
    )
    this.#list = database.prepare(
      `SELECT name, accepted, handed_over AS handedOver, expired, token_dead AS tokenDead, given_up AS givenUp FROM services`,
    )
  }

  /** The service, unless it has never accepted a notification. */
  find(name: string): ServiceRow | undefined {
    return this.#find.get(name) as ServiceRow | undefined
  }

  /** Adds a service that is not there; its number. */
  create(name: string): number {
    return Number(this.#create.run(name).lastInsertRowid)
  }

  countAccepted(number: number, accepted: number): void {
    this.#countAccepted.run(accepted, number)
  }

  countEnded(number: number, end: NotificationEnd, ended: number): void {
    this.#countEnds.get(end)?.run(ended, number)
  }

  books(): ReadonlyMap<string, NotificationBooks> {
    const rows = this.#list.all() as unknown as BooksRow[]
    return new Map(rows.map((row) => [row.name, toBooks(row)]))
  }
}

function toBooks({ accepted, handedOver, expired, tokenDead, givenUp }: BooksRow): NotificationBooks {
  const ends = { 'handed-over': handedOver, expired, 'token-dead': tokenDead, 'given-up': givenUp }
  return { accepted, ends, waiting: accepted - handedOver - expired - tokenDead - givenUp }
}
