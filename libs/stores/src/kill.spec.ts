import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openDirectoryBlobs } from './blobs/directory/index.ts'
import { readAll } from './blobs/read-all.suite.ts'
import { openSqliteFileRecords } from './files/sqlite/index.ts'

const ROUNDS = 4

/** Runs the server until it has acknowledged `count` files, then kills it; all ids it acknowledged. */
async function runAndKill(directory: string, round: number, count: number): Promise<string[]> {
  const script = join(import.meta.dirname, 'kill.suite.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, directory, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const acknowledged: string[] = []
  for await (const line of createInterface(child.stdout)) {
    acknowledged.push(line)
    if (acknowledged.length === count) child.kill('SIGKILL')
  }
  expect(await exited).toEqual([null, 'SIGKILL'])
  return acknowledged
}

describe('SQLite and a directory under SIGKILL', () => {
  it('keep every acknowledged file, byte for byte', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sotto-kill-'))
    try {
      const acknowledged: string[] = []
      for (let round = 1; round <= ROUNDS; round++) {
        acknowledged.push(...(await runAndKill(directory, round, 37 * round)))
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(370)
      const records = await openSqliteFileRecords({ path: join(directory, 'files.sqlite') })
      const blobs = await openDirectoryBlobs({ path: join(directory, 'blobs'), randomBytes })
      for (const id of acknowledged) {
        const file = await records.read(id, 0)
        const location = file?.record.location
        const bytes = location?.kind === 'blob' ? await readAll(await blobs.read(location.key)) : file?.inline
        const digest = createHash('sha256').update(id).digest()
        const expected = Number(id) % 2 === 0 ? Buffer.alloc(300_000, digest) : digest
        expect(Buffer.compare(bytes ?? Buffer.of(), expected)).toBe(0)
      }
      await records.close()
      await blobs.close()
    } finally {
      await rm(directory, { recursive: true })
    }
  }, 60_000)
})
