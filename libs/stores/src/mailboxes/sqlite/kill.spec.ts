import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openSqliteMailboxes } from './index.ts'

const ROUNDS = 4

/** Runs the server until it has acknowledged `count` messages, then kills it; all lines it printed. */
async function runAndKill(path: string, round: number, count: number): Promise<string[]> {
  const script = join(import.meta.dirname, 'kill.suite.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, path, String(round)], {
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

describe('SQLite mailboxes under SIGKILL', () => {
  it('keep every acknowledged message in order, and its event', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sotto-kill-'))
    try {
      const path = join(directory, 'mailboxes.sqlite')
      const acknowledged: string[][] = []
      for (let round = 1; round <= ROUNDS; round++) {
        const lines = await runAndKill(path, round, 101 * round)
        // The last line may be cut off where the process ended.
        acknowledged.push(...lines.map((line) => line.split(' ')).filter(([, , id]) => /-[0-9]+$/.test(id ?? '')))
      }
      expect(acknowledged.length).toBeGreaterThan(1_000)
      const quota = { messages: 1, bytes: 1 }
      const mailboxes = await openSqliteMailboxes({ path, quota, randomBytes })
      const events = new Map(
        (await mailboxes.outbox(11, 1_000_000)).map(({ id, payload }) => [Buffer.from(payload).toString(), id]),
      )
      const limits = { count: Infinity, size: Infinity, overhead: 0 }
      for (let lane = 0; lane < 8; lane++) {
        const account = `05${'ab'.repeat(31)}0${lane}`
        const { messages } = await mailboxes.retrieve({ account, namespace: 0, limits }, 10)
        expect(await mailboxes.usage(account)).toEqual({ messages: messages.length, bytes: 1_000 * messages.length })
        const own = acknowledged.filter(([number]) => number === String(lane)).map(([, hash = '']) => hash)
        const wanted = new Set(own)
        expect(messages.map(({ hash }) => hash).filter((hash) => wanted.has(hash))).toEqual(own)
        for (const { hash, data } of messages) {
          expect(Buffer.from(data.subarray(0, 32)).toString('base64').slice(0, 43)).toBe(hash)
          expect(events.has(hash)).toBe(true)
        }
      }
      for (const [, hash = '', id = ''] of acknowledged) {
        // An identifier that was cut off is the beginning of the whole one.
        expect(events.get(hash)?.startsWith(id)).toBe(true)
      }
      await mailboxes.close()
    } finally {
      await rm(directory, { recursive: true })
    }
  }, 60_000)
})
