import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { booksOf, labelOf, notification, take } from '../suite/samples.suite.ts'
import { openSqliteNotifications } from './index.ts'

const ROUNDS = 4
const WHOLE_LINE = /^(accepted|ended) (\d+-\d+-\d+-[xy])$/

interface Acknowledged {
  readonly accepted: Set<string>
  readonly ended: Set<string>
}

/** Runs the server until it has printed `count` lines, then kills it, and adds what it acknowledged. */
async function runAndKill(path: string, round: number, count: number, acknowledged: Acknowledged): Promise<void> {
  const script = join(import.meta.dirname, 'kill.suite.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, path, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let lines = 0
  for await (const line of createInterface(child.stdout)) {
    lines += 1
    if (lines === count) child.kill('SIGKILL')
    // The last line may be cut off where the process ended.
    const [, what, label] = WHOLE_LINE.exec(line) ?? []
    if (label !== undefined) acknowledged[what === 'ended' ? 'ended' : 'accepted'].add(label)
  }
  expect(await exited).toEqual([null, 'SIGKILL'])
}

describe('SQLite notifications under SIGKILL', () => {
  it('keep every accepted one until its end, end none twice, and keep books that balance', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sotto-kill-'))
    try {
      const path = join(directory, 'notifications.sqlite')
      const acknowledged: Acknowledged = { accepted: new Set(), ended: new Set() }
      for (let round = 1; round <= ROUNDS; round++) await runAndKill(path, round, 301 * round, acknowledged)
      const { accepted, ended } = acknowledged
      expect(accepted.size).toBeGreaterThan(500)
      expect(ended.size).toBeGreaterThan(500)

      const store = await openSqliteNotifications({ path, duplicateWindowMs: 600_000, capacity: 1_000_000 })
      const waiting = await take(store, { now: 2_000, limit: 1_000_000 })
      const labels = new Set(waiting.map(labelOf))
      expect(labels.size).toBe(waiting.length)
      const [all = 0, handedOver = 0, ...rest] = await booksOf(store)
      expect(rest).toEqual([0, 0, 0, waiting.length])
      expect(all).toBe(handedOver + waiting.length)
      expect(all).toBeGreaterThanOrEqual(accepted.size)
      expect(handedOver).toBeGreaterThanOrEqual(ended.size)
      expect([...ended].filter((label) => labels.has(label))).toEqual([])
      // What neither waits nor is known to have ended had its end just before the process had its own.
      const gone = [...accepted].filter((label) => !labels.has(label) && !ended.has(label))
      expect(gone.length).toBeLessThanOrEqual(handedOver - ended.size)
      expect(
        await store.accept(
          [...accepted].map((label) => notification(label)),
          1_000,
        ),
      ).toBe(0)
      await store.close()
    } finally {
      await rm(directory, { recursive: true })
    }
  }, 60_000)
})
