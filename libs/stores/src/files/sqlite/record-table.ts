import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { FileRecord, NewFile } from '../file-records.ts'

const COLUMNS = 'number, id, size, uploaded_at, expires_at, format, blob_key'

/** A record and its rowid, under which an inline body lies. */
export interface RecordRow {
  readonly number: number
  readonly record: FileRecord
  /** The body, when it was asked for and is inline. */
  readonly inline?: Uint8Array
}

/** The statements over the tables; those that change something are steps inside a transaction of the caller. */
export class RecordTable {
  readonly #find: StatementSync
  readonly #findWithBody: StatementSync
  readonly #insert: StatementSync
  readonly #insertBody: StatementSync
  readonly #renew: StatementSync
  readonly #remove: StatementSync
  readonly #removeExpired: StatementSync
  readonly #findBlob: StatementSync
  readonly #listBlobs: StatementSync
  readonly #removeLost: StatementSync

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(`SELECT ${COLUMNS} FROM records WHERE id = ?`)
    this.#findWithBody = database.prepare(
      `SELECT ${COLUMNS}, (SELECT bytes FROM bodies WHERE bodies.number = records.number) AS bytes FROM records
       WHERE id = ? AND expires_at > ?`,
    )
    this.#insert = database.prepare(
      'INSERT INTO records (id, size, uploaded_at, expires_at, format, blob_key) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.#insertBody = database.prepare('INSERT INTO bodies (number, bytes) VALUES (?, ?)')
    this.#renew = database.prepare('UPDATE records SET uploaded_at = ?, expires_at = ? WHERE number = ?')
    this.#remove = database.prepare('DELETE FROM records WHERE number = ?')
    this.#removeExpired = database.prepare(
      `DELETE FROM records WHERE number IN (SELECT number FROM records WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
       RETURNING blob_key`,
    )
    this.#findBlob = database.prepare('SELECT 1 FROM records WHERE blob_key = ?')
    this.#listBlobs = database.prepare('SELECT id, blob_key FROM records WHERE blob_key > ? ORDER BY blob_key LIMIT ?')
    this.#removeLost = database.prepare('DELETE FROM records WHERE id = ? AND blob_key = ?')
  }

  /** The record with this id, expired or not. */
  find(id: string): RecordRow | undefined {
    const row = this.#find.get(id)
    return row === undefined ? undefined : { number: Number(row['number']), record: toRecord(row) }
  }

  /** The record with this id and its inline body, unless it has expired at `now`. */
  findWithBody(id: string, now: number): RecordRow | undefined {
    const row = this.#findWithBody.get(id, now)
    if (row === undefined) return undefined
    const inline = row['bytes'] as Uint8Array | null
    return { number: Number(row['number']), record: toRecord(row), ...(inline === null ? {} : { inline }) }
  }

  add(file: NewFile): FileRecord {
    const { body, ...rest } = file
    const key = body.kind === 'blob' ? body.key : null
    const { lastInsertRowid } = this.#insert.run(file.id, file.size, file.uploadedAt, file.expiresAt, file.format, key)
    if (body.kind === 'inline') this.#insertBody.run(lastInsertRowid, body.bytes)
    return { ...rest, location: body.kind === 'inline' ? { kind: 'inline' } : { kind: 'blob', key: body.key } }
  }

  /** Gives a record new times and returns it with them. */
  renew(row: RecordRow, uploadedAt: number, expiresAt: number): FileRecord {
    this.#renew.run(uploadedAt, expiresAt, row.number)
    return { ...row.record, uploadedAt, expiresAt }
  }

  remove(row: RecordRow): void {
    this.#remove.run(row.number)
  }

  /** Removes the longest expired `limit` records; a blob key or null for each. */
  removeExpired(now: number, limit: number): (string | null)[] {
    return this.#removeExpired.all(now, limit).map((row) => row['blob_key'] as string | null)
  }

  hasBlob(key: string): boolean {
    return this.#findBlob.get(key) !== undefined
  }

  /** Records with a blob key after `cursor`, in the order of their keys. */
  listBlobs(cursor: string, limit: number): { id: string; key: string }[] {
    return this.#listBlobs.all(cursor, limit).map((row) => ({ id: String(row['id']), key: String(row['blob_key']) }))
  }

  removeLost(id: string, key: string): boolean {
    return this.#removeLost.run(id, key).changes === 1
  }
}

function toRecord(row: Record<string, unknown>): FileRecord {
  const key = row['blob_key']
  return {
    id: String(row['id']),
    size: Number(row['size']),
    uploadedAt: Number(row['uploaded_at']),
    expiresAt: Number(row['expires_at']),
    format: Number(row['format']),
    location: typeof key === 'string' ? { kind: 'blob', key } : { kind: 'inline' },
  }
}
