import type { FileRecord, FileRecords, NewFile, PutOutcome } from '#stores'

interface Row {
  record: FileRecord
  inline?: Uint8Array
}

/** Records in memory, for tests of what stands before the store. */
export class MemoryRecords implements FileRecords {
  readonly rows = new Map<string, Row>()
  /** Thrown by the next `put`. */
  failure: Error | undefined

  async put(file: NewFile, { ifExists }: { ifExists: 'renew' | 'refuse' }): Promise<PutOutcome> {
    if (this.failure !== undefined) throw this.failure
    const known = this.rows.get(file.id)?.record
    if (known !== undefined && known.expiresAt > file.uploadedAt) {
      if (ifExists === 'refuse') return { record: known, outcome: 'taken' }
      const expiresAt = Math.max(known.expiresAt, file.expiresAt)
      const record = { ...known, uploadedAt: file.uploadedAt, expiresAt }
      this.rows.set(file.id, { ...this.rows.get(file.id), record })
      return { record, outcome: 'renewed' }
    }
    const { body, ...rest } = file
    const record: FileRecord = { ...rest, location: body.kind === 'inline' ? { kind: 'inline' } : body }
    this.rows.set(file.id, { record, ...(body.kind === 'inline' ? { inline: body.bytes } : {}) })
    const replacedBlob = known?.location.kind === 'blob' ? { replacedBlob: known.location.key } : {}
    return { record, outcome: 'created', ...replacedBlob }
  }

  async read(id: string, now: number): Promise<Row | undefined> {
    const row = this.rows.get(id)
    return row !== undefined && row.record.expiresAt > now ? row : undefined
  }

  async get(id: string, now: number): Promise<FileRecord | undefined> {
    return (await this.read(id, now))?.record
  }

  async extend(id: string, expiresAt: number, now: number): Promise<FileRecord | undefined> {
    const row = await this.read(id, now)
    if (row === undefined) return undefined
    row.record = { ...row.record, expiresAt: Math.max(row.record.expiresAt, expiresAt) }
    return row.record
  }

  async removeExpired(now: number, limit: number): Promise<{ removed: number; blobs: string[] }> {
    const expired = [...this.rows.values()].filter(({ record }) => record.expiresAt <= now).slice(0, limit)
    for (const { record } of expired) this.rows.delete(record.id)
    return { removed: expired.length, blobs: expired.flatMap(({ record }) => blobKey(record)) }
  }

  async findUnreferenced(keys: readonly string[]): Promise<string[]> {
    const known = new Set([...this.rows.values()].flatMap(({ record }) => blobKey(record)))
    return keys.filter((key) => !known.has(key))
  }

  async listBlobs(
    cursor: string | undefined,
    limit: number,
  ): Promise<{ entries: { id: string; key: string }[]; next: string | undefined }> {
    const ids = [...this.rows.keys()].sort().filter((id) => cursor === undefined || id > cursor)
    const page = ids.slice(0, limit)
    const entries = page.flatMap((id) => {
      const record = this.rows.get(id)?.record
      return record === undefined ? [] : blobKey(record).map((key) => ({ id, key }))
    })
    return { entries, next: ids.length > limit ? page.at(-1) : undefined }
  }

  async removeLost(id: string, key: string): Promise<boolean> {
    const record = this.rows.get(id)?.record
    return record !== undefined && blobKey(record).includes(key) && this.rows.delete(id)
  }

  async check(): Promise<void> {}
  async close(): Promise<void> {}
}

function blobKey({ location }: FileRecord): string[] {
  return location.kind === 'blob' ? [location.key] : []
}
