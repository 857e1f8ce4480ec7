import type { FileRecord, NewFile, PutOutcome } from '../index.ts'

interface Row {
  readonly record: FileRecord
  readonly inline?: Uint8Array
}

/** What file records are to do, in the plainest words: the model that adapters are compared with. */
export class ModelFileRecords {
  readonly #rows = new Map<string, Row>()

  put(file: NewFile, { ifExists }: { readonly ifExists: 'renew' | 'refuse' }): PutOutcome {
    const known = this.#rows.get(file.id)
    if (known !== undefined && known.record.expiresAt > file.uploadedAt) {
      const own = blobKey(known.record)
      if (file.body.kind === 'blob' && file.body.key === own) return { record: known.record, outcome: 'created' }
      if (ifExists === 'refuse') return { record: known.record, outcome: 'taken' }
      const expiresAt = Math.max(known.record.expiresAt, file.expiresAt)
      const record = { ...known.record, uploadedAt: file.uploadedAt, expiresAt }
      this.#rows.set(file.id, { ...known, record })
      return { record, outcome: 'renewed' }
    }
    const { body, ...rest } = file
    const record: FileRecord = { ...rest, location: body.kind === 'blob' ? body : { kind: 'inline' } }
    this.#rows.set(file.id, body.kind === 'inline' ? { record, inline: body.bytes } : { record })
    const replaced = known === undefined ? undefined : blobKey(known.record)
    return { record, outcome: 'created', ...(replaced === undefined ? {} : { replacedBlob: replaced }) }
  }

  read(id: string, now: number): Row | undefined {
    const row = this.#rows.get(id)
    return row !== undefined && row.record.expiresAt > now ? row : undefined
  }

  get(id: string, now: number): FileRecord | undefined {
    return this.read(id, now)?.record
  }

  extend(id: string, expiresAt: number, now: number): FileRecord | undefined {
    const row = this.read(id, now)
    if (row === undefined) return undefined
    const record = { ...row.record, expiresAt: Math.max(row.record.expiresAt, expiresAt) }
    this.#rows.set(id, { ...row, record })
    return record
  }

  /** Removes all that has expired; the blob keys in order. */
  removeExpired(now: number): { removed: number; blobs: string[] } {
    const expired = [...this.#rows.values()].filter(({ record }) => record.expiresAt <= now)
    for (const { record } of expired) this.#rows.delete(record.id)
    return { removed: expired.length, blobs: expired.flatMap(({ record }) => blobKey(record) ?? []).sort() }
  }

  removeLost(id: string, key: string): boolean {
    const row = this.#rows.get(id)
    return row !== undefined && blobKey(row.record) === key && this.#rows.delete(id)
  }

  /** All blobs, in the order of their keys. */
  blobs(): { id: string; key: string }[] {
    return [...this.#rows.values()]
      .flatMap(({ record }) => {
        const key = blobKey(record)
        return key === undefined ? [] : { id: record.id, key }
      })
      .sort(byKey)
  }
}

/** Order of the entries of `listBlobs` for a comparison. */
export function byKey(one: { readonly key: string }, other: { readonly key: string }): number {
  return one.key < other.key ? -1 : 1
}

function blobKey({ location }: FileRecord): string | undefined {
  return location.kind === 'blob' ? location.key : undefined
}
