import { StoreCorruptError } from '../../errors.ts'
import { asBuffer } from '../../redis/as-buffer.ts'
import type { RedisClient } from '../../redis/redis-client.ts'
import { translated } from '../../redis/redis-error.ts'
import type {
  BlobPage,
  FileRecord,
  FileRecords,
  NewFile,
  OpenedFile,
  PutOutcome,
  RemovedFiles,
} from '../file-records.ts'
import { defineFileCommands, type FileCommands } from './commands.ts'
import { RECORD_FIELDS, toRecord } from './file-fields.ts'
import { type PartitionKeys, partitionKeys, partitionOf, PARTITIONS } from './partition.ts'

/** File records over a client that its owner ends. */
export class RedisFileRecords implements FileRecords {
  readonly #redis: RedisClient
  readonly #commands: FileCommands
  readonly #partitions: readonly PartitionKeys[]

  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis
    this.#commands = defineFileCommands(redis)
    this.#partitions = Array.from({ length: PARTITIONS }, (_, partition) => partitionKeys(prefix, partition))
  }

  async put(file: NewFile, { ifExists }: { ifExists: 'renew' | 'refuse' }): Promise<PutOutcome> {
    const { id, size, uploadedAt, expiresAt, format, body } = file
    const { record, expiry, blobs } = this.#keys(id)
    const numbers = [size, uploadedAt, expiresAt, format]
    const where = body.kind === 'blob' ? [body.key, ''] : ['', asBuffer(body.bytes)]
    const answer = await translated(() =>
      this.#commands.filesPut(record, expiry, blobs, id, ...numbers, ...where, ifExists),
    )
    const [outcome, replacedBlob, ...values] = answer
    const put = { record: toRecord(id, values), outcome: outcome as PutOutcome['outcome'] }
    return replacedBlob ? { ...put, replacedBlob } : put
  }

  async read(id: string, now: number): Promise<OpenedFile | undefined> {
    const fields = [...RECORD_FIELDS, 'bytes']
    const values = await translated(() => this.#redis.hmgetBuffer(this.#keys(id).record, ...fields))
    const record = liveRecord(id, values, now)
    if (record?.location.kind !== 'inline') return record && { record }
    const inline = values[RECORD_FIELDS.length]
    if (!inline) throw new StoreCorruptError('a record in Redis lacks its body')
    return { record, inline }
  }

  async get(id: string, now: number): Promise<FileRecord | undefined> {
    const values = await translated(() => this.#redis.hmget(this.#keys(id).record, ...RECORD_FIELDS))
    return liveRecord(id, values, now)
  }

  async extend(id: string, expiresAt: number, now: number): Promise<FileRecord | undefined> {
    const { record, expiry } = this.#keys(id)
    const values = await translated(() => this.#commands.filesExtend(record, expiry, id, expiresAt, now))
    return values.length === 0 ? undefined : toRecord(id, values)
  }

  async removeExpired(now: number, limit: number): Promise<RemovedFiles> {
    let removed = 0
    const blobs: string[] = []
    for (const keys of this.#partitions) {
      let wanted = limit - removed
      // Ids that were renewed between the two commands are no longer in the range when it is read again.
      while (wanted > 0) {
        const page = await this.#removeFrom(keys, now, wanted)
        removed += page.removed
        blobs.push(...page.blobs)
        wanted = page.found < wanted ? 0 : limit - removed
      }
    }
    return { removed, blobs }
  }

  async findUnreferenced(keys: readonly string[]): Promise<readonly string[]> {
    const answers = await translated(() =>
      Promise.all(this.#partitions.map(({ blobs }) => this.#commands.filesFindReferenced(blobs, ...keys))),
    )
    const referenced = new Set(answers.flat())
    return keys.filter((_, index) => !referenced.has(index + 1))
  }

  async listBlobs(cursor: string | undefined, limit: number): Promise<BlobPage> {
    const [, start = '0', after = ''] = /^(\d+):(.*)$/.exec(cursor ?? '') ?? []
    const entries: { id: string; key: string }[] = []
    for (let partition = Number(start); partition < PARTITIONS; partition += 1) {
      const from = partition === Number(start) && after !== '' ? `(${after}` : '-'
      const members = await this.#listPartition(partition, from, limit - entries.length)
      entries.push(...members.map(toEntry))
      if (entries.length === limit) return { entries, next: `${partition}:${members.at(-1) ?? ''}` }
    }
    return { entries, next: undefined }
  }

  async removeLost(id: string, key: string): Promise<boolean> {
    const { record, expiry, blobs } = this.#keys(id)
    return (await translated(() => this.#commands.filesRemoveLost(record, expiry, blobs, id, key))) === 1
  }

  async check(): Promise<void> {
    await translated(() => this.#redis.exists(partitionKeys('', 0).expiry))
  }

  async close(): Promise<void> {}

  #keys(id: string): { record: string; expiry: string; blobs: string } {
    const keys = this.#partitions[partitionOf(id)]
    if (keys === undefined) throw new RangeError('there is no such partition')
    return { record: keys.record(id), expiry: keys.expiry, blobs: keys.blobs }
  }

  async #removeFrom(keys: PartitionKeys, now: number, limit: number): Promise<RemovedFiles & { found: number }> {
    return translated(async () => {
      const ids = await this.#redis.zrangebyscore(keys.expiry, '-inf', now, 'LIMIT', 0, Math.min(limit, MAX_REMOVED))
      if (ids.length === 0) return { found: 0, removed: 0, blobs: [] }
      const all = [keys.expiry, keys.blobs, ...ids.map((id) => keys.record(id))]
      const [removed, ...blobs] = await this.#commands.filesRemoveExpired(all.length, ...all, now, ...ids)
      return { found: ids.length, removed, blobs }
    })
  }

  async #listPartition(partition: number, from: string, limit: number): Promise<string[]> {
    const key = this.#partitions[partition]?.blobs ?? ''
    return translated(() => this.#redis.zrangebylex(key, from, '+', 'LIMIT', 0, limit))
  }
}

/** Records that one script removes: few enough not to keep Redis from other work, nor to fill the stack of Lua. */
const MAX_REMOVED = 500

function liveRecord(id: string, values: readonly (string | Buffer | null)[], now: number): FileRecord | undefined {
  // A hash that is not there answers with nothing for every field.
  if (values.every((value) => value === null)) return undefined
  const record = toRecord(id, values)
  return record.expiresAt > now ? record : undefined
}

function toEntry(member: string): { id: string; key: string } {
  const end = member.indexOf(':')
  return { key: member.slice(0, end), id: member.slice(end + 1) }
}
