import type { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * The tables of the durable queue.
 *
 * `events`: one row an event, `id` in order of publication. `due_at` (milliseconds) is when it may be delivered (again); a delivery
 * moves it to the end of its acknowledgement time. `dead` is 1 for a dead letter. An acknowledged event has no row.
 * `seen`: deduplication ids until `forget_at`. `consumers`: the one durable name that consumes a subject.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, partition INTEGER, payload BLOB NOT NULL,
    deliveries INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL, dead INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS events_due ON events (subject, dead, due_at, id);
  CREATE TABLE IF NOT EXISTS seen (
    subject TEXT NOT NULL, deduplication_id TEXT NOT NULL, forget_at INTEGER NOT NULL,
    PRIMARY KEY (subject, deduplication_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS seen_forget ON seen (forget_at);
  CREATE TABLE IF NOT EXISTS consumers (subject TEXT PRIMARY KEY, durable TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

export interface StoredEvent {
  readonly id: number
  readonly partition: number | null
  readonly payload: Uint8Array
  readonly deliveries: number
}

export interface NewEvent {
  readonly subject: string
  readonly partition: number | undefined
  readonly payload: Uint8Array
  readonly deduplicationId: string
}

/** The statements of the durable queue; each call is one step inside a transaction of the caller. Times are milliseconds. */
export class EventTable {
  readonly #prepare: (sql: string) => StatementSync

  constructor(database: DatabaseSync) {
    database.exec(SCHEMA)
    const prepared = new Map<string, StatementSync>()
    this.#prepare = (sql) => {
      const statement = prepared.get(sql) ?? database.prepare(sql)
      prepared.set(sql, statement)
      return statement
    }
  }

  /** Adds the event unless its deduplication id is remembered. */
  add(event: NewEvent, now: number, forgetAt: number): void {
    const seen = this.#prepare(
      `INSERT INTO seen (subject, deduplication_id, forget_at) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET forget_at = excluded.forget_at WHERE forget_at <= ?`,
    )
    if (seen.run(event.subject, event.deduplicationId, forgetAt, now).changes === 0) return
    this.#prepare('INSERT INTO events (subject, partition, payload, due_at) VALUES (?, ?, ?, ?)').run(
      event.subject,
      event.partition ?? null,
      event.payload,
      now,
    )
  }

  /** Takes up to `limit` due events for delivery; they are due again at `dueAgainAt` unless they are removed. */
  take(subject: string, limit: number, now: number, dueAgainAt: number): StoredEvent[] {
    const rows = this.#prepare(
      'SELECT id, partition, payload, deliveries FROM events WHERE subject = ? AND dead = 0 AND due_at <= ? ORDER BY due_at, id LIMIT ?',
    ).all(subject, now, limit) as unknown as StoredEvent[]
    const mark = this.#prepare('UPDATE events SET deliveries = deliveries + 1, due_at = ? WHERE id = ?')
    for (const { id } of rows) mark.run(dueAgainAt, id)
    return rows
  }

  /** Forgets an acknowledged event. */
  remove(id: number): void {
    this.#prepare('DELETE FROM events WHERE id = ?').run(id)
  }

  /** Says when an event is due again. */
  postpone(id: number, dueAt: number): void {
    this.#prepare('UPDATE events SET due_at = ? WHERE id = ?').run(dueAt, id)
  }

  /** Makes an event a dead letter. */
  bury(id: number): void {
    this.#prepare('UPDATE events SET dead = 1 WHERE id = ?').run(id)
  }

  /** Forgets deduplication ids whose time is over. */
  forgetSeen(now: number): void {
    this.#prepare('DELETE FROM seen WHERE forget_at <= ?').run(now)
  }

  /** Removes up to `limit` events that nobody has taken and that were due before `dueBefore`. */
  removeUntaken(subject: string, dueBefore: number, limit: number): void {
    this.#prepare(
      `DELETE FROM events WHERE id IN (
         SELECT id FROM events WHERE subject = ? AND dead = 0 AND due_at < ? ORDER BY due_at LIMIT ?)`,
    ).run(subject, dueBefore, limit)
  }

  /** Makes events that a dead process had in delivery due at once. */
  releaseAll(now: number): void {
    this.#prepare('UPDATE events SET due_at = ? WHERE dead = 0 AND deliveries > 0 AND due_at > ?').run(now, now)
  }

  /** When the next event of the subject is due; undefined when there is none. */
  nextDue(subject: string): number | undefined {
    const row = this.#prepare('SELECT min(due_at) AS due FROM events WHERE subject = ? AND dead = 0').get(subject)
    return typeof row?.['due'] === 'number' ? row['due'] : undefined
  }

  count(subject: string, dead: 0 | 1): number {
    const row = this.#prepare('SELECT count(*) AS n FROM events WHERE subject = ? AND dead = ?').get(subject, dead)
    return Number(row?.['n'])
  }

  /** Registers `durable` as the consumer of the subject and returns the name that is registered: the first one. */
  consumer(subject: string, durable: string): string {
    this.#prepare('INSERT OR IGNORE INTO consumers (subject, durable) VALUES (?, ?)').run(subject, durable)
    return String(this.#prepare('SELECT durable FROM consumers WHERE subject = ?').get(subject)?.['durable'])
  }
}
