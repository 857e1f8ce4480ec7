import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { encryptSample } from './push-payload.ts'

const SECONDS = 2
/** As many as the relay has under way at once. */
const ROWS_OF_COMMIT = 256

/** Payloads a second that are encrypted and inserted into a table without an index, 256 in each synced commit: the least that a durable queue costs. */
export function bareQueueRate(): number {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-bare-queue-'))
  const database = new DatabaseSync(join(directory, 'queue.sqlite'))
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE queue (content BLOB NOT NULL)')
    const insert = database.prepare('INSERT INTO queue (content) VALUES (?)')
    const begin = performance.now()
    let rows = 0
    while (performance.now() - begin < SECONDS * 1_000) {
      database.exec('BEGIN')
      for (let i = 0; i < ROWS_OF_COMMIT; i++) insert.run(encryptSample())
      database.exec('COMMIT')
      rows += ROWS_OF_COMMIT
    }
    return rows / ((performance.now() - begin) / 1_000)
  } finally {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
