import type { StoreDatabase } from '../../sqlite/store-database.ts'
import type {
  BlobPage,
  FileRecord,
  FileRecords,
  NewFile,
  OpenedFile,
  PutOutcome,
  RemovedFiles,
} from '../file-records.ts'
import type { RecordRow, RecordTable } from './record-table.ts'

/** File records over an open database, which it closes. */
export class SqliteFileRecords implements FileRecords {
  readonly #database: StoreDatabase
  readonly #table: RecordTable

  constructor(database: StoreDatabase, table: RecordTable) {
    this.#database = database
    this.#table = table
  }

  async put(file: NewFile, { ifExists }: { ifExists: 'renew' | 'refuse' }): Promise<PutOutcome> {
    return this.#database.write(() => {
      const known = this.#table.find(file.id)
      if (known === undefined || known.record.expiresAt <= file.uploadedAt) return this.#create(file, known)
      const key = blobKey(known.record)
      if (file.body.kind === 'blob' && file.body.key === key) return { record: known.record, outcome: 'created' }
      if (ifExists === 'refuse') return { record: known.record, outcome: 'taken' }
      const expiresAt = Math.max(known.record.expiresAt, file.expiresAt)
      return { record: this.#table.renew(known, file.uploadedAt, expiresAt), outcome: 'renewed' }
    })
  }

  async read(id: string, now: number): Promise<OpenedFile | undefined> {
    const row = this.#database.read(() => this.#table.findWithBody(id, now))
    if (row === undefined) return undefined
    return { record: row.record, ...(row.inline === undefined ? {} : { inline: row.inline }) }
  }

  async get(id: string, now: number): Promise<FileRecord | undefined> {
    const row = this.#database.read(() => this.#table.find(id))
    return row === undefined || row.record.expiresAt <= now ? undefined : row.record
  }

  async extend(id: string, expiresAt: number, now: number): Promise<FileRecord | undefined> {
    return this.#database.write(() => {
      const row = this.#table.find(id)
      if (row === undefined || row.record.expiresAt <= now) return undefined
      if (expiresAt <= row.record.expiresAt) return row.record
      return this.#table.renew(row, row.record.uploadedAt, expiresAt)
    })
  }

  async removeExpired(now: number, limit: number): Promise<RemovedFiles> {
    return this.#database.write(() => {
      const keys = this.#table.removeExpired(now, limit)
      return { removed: keys.length, blobs: keys.flatMap((key) => key ?? []) }
    })
  }

  async findUnreferenced(keys: readonly string[]): Promise<readonly string[]> {
    return this.#database.read(() => keys.filter((key) => !this.#table.hasBlob(key)))
  }

  async listBlobs(cursor: string | undefined, limit: number): Promise<BlobPage> {
    const entries = this.#database.read(() => this.#table.listBlobs(cursor ?? '', limit))
    return { entries, next: entries.length < limit ? undefined : entries.at(-1)?.key }
  }

  async removeLost(id: string, key: string): Promise<boolean> {
    return this.#database.write(() => this.#table.removeLost(id, key))
  }

  async check(): Promise<void> {
    this.#database.read(() => this.#table.find(''))
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  #create(file: NewFile, expired: RecordRow | undefined): PutOutcome {
    if (expired !== undefined) this.#table.remove(expired)
    const replaced = expired === undefined ? undefined : blobKey(expired.record)
    const record = this.#table.add(file)
    return { record, outcome: 'created', ...(replaced === undefined ? {} : { replacedBlob: replaced }) }
  }
}

function blobKey({ location }: FileRecord): string | undefined {
  return location.kind === 'blob' ? location.key : undefined
}
