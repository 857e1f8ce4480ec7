import { nativeCrypto } from '#crypto/native/index'
import { CountedMemory, RecordingObserver, timerDeadline } from '#endpoints/testing.suite'
import type { Blobs, FileRecords } from '#stores'
import type { Sources } from '../endpoints/index.ts'
import type { FileEvents, FileRules } from '../files/context.ts'
import { type AttachmentsService, startAttachments } from '../attachments.ts'
import { type ServiceKeys, serviceKeys } from '#endpoints'
import { MemoryBlobs } from './memory-blobs.suite.ts'
import { MemoryRecords } from './memory-records.suite.ts'

/** Rules of the published vectors (files, `http.assumed`). */
export const VECTOR_RULES: FileRules = {
  idMode: 'content',
  maxFileSize: 10_000_000,
  inlineBytes: 65_536,
  defaultTtlSeconds: 1_209_600,
  maxTtlSeconds: 2_592_000,
}

/** Remembers what the operations report. */
export class RecordingEvents implements FileEvents {
  readonly log: string[] = []
  readonly errors: unknown[] = []

  uploaded(outcome: string): void {
    this.log.push(outcome)
  }

  downloaded(): void {
    this.log.push('downloaded')
  }

  swept(kind: string, count: number): void {
    this.log.push(`${kind} ${count}`)
  }

  cleanupFailed(error: unknown): void {
    this.errors.push(error)
  }
}

export interface TestService extends AttachmentsService {
  readonly records: FileRecords
  readonly blobs: Blobs
  readonly events: RecordingEvents
  readonly observer: RecordingObserver
  readonly memory: CountedMemory
  /** Moves its clock; milliseconds. */
  advance(milliseconds: number): void
  readonly now: () => number
}

export interface TestServiceOptions {
  readonly rules?: Partial<FileRules>
  readonly records?: FileRecords
  readonly blobs?: (now: () => number) => Blobs
  readonly keys?: ServiceKeys
  readonly sources?: Partial<Sources>
  readonly stallMs?: number
  /** Milliseconds since the Unix epoch. */
  readonly startAt?: number
}

/** A service on a free port with a clock of its own, in memory unless stores are given. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  let time = options.startAt ?? 1_750_000_000_000
  const now = (): number => time
  const records = options.records ?? new MemoryRecords()
  const blobs = options.blobs?.(now) ?? new MemoryBlobs(now)
  const events = new RecordingEvents()
  const observer = new RecordingObserver()
  const memory = new CountedMemory()
  const nothing = { current: async () => undefined }
  const service = await startAttachments(
    {
      host: '127.0.0.1',
      port: 0,
      publicUrl: undefined,
      files: { ...VECTOR_RULES, ...options.rules },
      sweeps: { intervalMs: 3_600_000, orphanIntervalMs: 3_600_000, orphanGraceMs: 3_600_000 },
      hashing: { workers: 1, loopBytes: 131_072 },
    },
    {
      crypto: nativeCrypto,
      keys: options.keys ?? serviceKeys(nativeCrypto, new Uint8Array(32).fill(7), []),
      records,
      blobs,
      now,
      sources: { releases: nothing, tokenInfo: nothing, networkInfo: nothing, ...options.sources },
      events,
      observer,
      memory,
      deadline: timerDeadline(options.stallMs ?? 30_000),
    },
  )
  const advance = (milliseconds: number): void => {
    time += milliseconds
  }
  return { ...service, records, blobs, events, observer, memory, advance, now }
}
