import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { labels, LIMITS, NOON, NOON_S, subscription } from '../suite/samples.suite.ts'
import { openSqliteSubscriptions } from './index.ts'
import { killedAccount } from './killed-account.suite.ts'

const ROUNDS = 4

/** Runs the server until it has acknowledged `count` changes, then kills it; all lines it printed. */
async function runAndKill(path: string, round: number, count: number): Promise<string[]> {
  const script = join(import.meta.dirname, 'kill.suite.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, path, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (lines.length === count) child.kill('SIGKILL')
  }
  expect(await exited).toEqual([null, 'SIGKILL'])
  return lines
}

/** Number of rows by service, counted one by one. */
function countRows(path: string): Map<string, number> {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare('SELECT service, count(*) AS rows FROM subscriptions GROUP BY service').all()
  database.close()
  return new Map(rows.map(({ service, rows: count }) => [String(service), Number(count)]))
}

describe('SQLite subscriptions under SIGKILL', () => {
  it('keep every acknowledged change, remember each unsubscription, and have counts that are exact', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sotto-kill-'))
    try {
      const path = join(directory, 'subscriptions.sqlite')
      const lines: string[] = []
      for (let round = 1; round <= ROUNDS; round++) lines.push(...(await runAndKill(path, round, 101 * round)))
      // The last line of a round may be cut off where the process ended.
      const changes = lines.flatMap((line) => [...line.matchAll(/^(\d) (\d{7}) (added|removed)$/g)])
      expect(changes.length).toBeGreaterThan(1_000)
      const subscriptions = await openSqliteSubscriptions({ path, ...LIMITS })
      expect(changes.filter(([, , , change]) => change === 'removed').length).toBeGreaterThan(0)
      for (const [, lane, number, change] of changes) {
        const account = killedAccount(Number(lane), Number(number))
        if (change === 'removed') {
          const earlier = subscription('a', { account, signedAt: NOON_S - 1 })
          expect(await subscriptions.put(earlier, NOON)).toBe('superseded')
        }
        const found = await labels(subscriptions, { account })
        if (change === 'removed') expect(found).toEqual([])
        // The removal of every fifth may have been done and not been acknowledged.
        else if (Number(number) % 5 !== 0) expect(found).toEqual(['a'])
      }
      expect(await subscriptions.counts()).toEqual(countRows(path))
      expect(await subscriptions.removeExpired(NOON, 1)).toBe(0)
      await subscriptions.close()
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
