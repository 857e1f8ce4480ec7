import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { type FilledMessage, fillMailboxes, randomHash } from '../lib/fill-mailboxes.ts'
import { infoRpc, MAILBOX_ENV } from '../lib/mailbox-requests.ts'
import { type RunningSotto, startSotto } from '../lib/processes.ts'
import { type Bench, milliseconds, type Row } from '../lib/report.ts'
import { rate, runLoad } from '../lib/run-load.ts'

const MAILBOXES = 100_000
const MESSAGES_EACH = 10
const EXPIRED = MAILBOXES
const MESSAGE = 100
const HOUR_MS = 3_600_000
/** Long enough for the load before the purge, counted from the start of the server. */
const PURGE_INTERVAL_MS = 6_000
const QUIET_SECONDS = 3
const PURGE_SECONDS = 12

/** Start-up with a million messages in a hundred thousand mailboxes, and the purge of the tenth of them that has expired. */
export const manyMailboxes: Bench = {
  name: 'many-mailboxes',
  async run(): Promise<Row[]> {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'sotto-many-'))
    try {
      const empty = await startSotto(18220, MAILBOX_ENV)
      await empty.stop()
      const now = Date.now()
      await fillMailboxes(dataDirectory, messages(now), now - HOUR_MS)
      const begin = performance.now()
      const sotto = await startSotto(18220, {
        ...MAILBOX_ENV,
        SOTTO_DATA_DIR: dataDirectory,
        SOTTO_PURGE_INTERVAL: `${PURGE_INTERVAL_MS}ms`,
      })
      try {
        const startUp: Row = {
          work: 'start-up with 1,000,000 messages in 100,000 mailboxes',
          baseline: `new data directory ${milliseconds(empty.readyMs)}`,
          ours: milliseconds(sotto.readyMs),
          target: '< 2,000 ms',
          reached: sotto.readyMs < 2000,
        }
        return [startUp, await purge(sotto, begin)]
      } finally {
        await sotto.stop()
      }
    } finally {
      rmSync(dataDirectory, { recursive: true, force: true })
    }
  },
}

/** The longest answer of a steady load while the purge runs, beside that of the same load before. */
async function purge(sotto: RunningSotto, startedAt: number): Promise<Row> {
  const plan = { port: sotto.nodePort, tls: true, connections: 4, pauseMs: 2 }
  const quiet = await runLoad([infoRpc()], { ...plan, seconds: QUIET_SECONDS })
  if (performance.now() - startedAt > PURGE_INTERVAL_MS || (await purged(sotto)) > 0) {
    throw new Error('the purge began before the load did')
  }
  const load = runLoad([infoRpc()], { ...plan, seconds: PURGE_SECONDS })
  const begin = performance.now()
  let finishedAt: number | undefined
  while (finishedAt === undefined && performance.now() - begin < PURGE_SECONDS * 1000) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    if ((await purged(sotto)) >= EXPIRED) finishedAt = performance.now()
  }
  const busy = await load
  rate(quiet)
  rate(busy)
  return {
    work: `purge of ${EXPIRED.toLocaleString('en')} expired messages${finishedAt === undefined ? ' (not finished)' : ''}: longest answer to a steady load of \`info\``,
    baseline: `before the purge ${milliseconds(quiet.maxMs)} (p99 ${milliseconds(quiet.p99Ms)})`,
    ours: `${milliseconds(busy.maxMs)} (p99 ${milliseconds(busy.p99Ms)})`,
    target: '≤ 50 ms',
    reached: finishedAt !== undefined && busy.maxMs <= 50,
  }
}

/** How many expired messages the server says it has removed; it says so when all are. */
async function purged({ operationsPort }: RunningSotto): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${operationsPort}/metrics`)).text()
  return Number(/core_messages_total\{[^}]*event="purged"[^}]*\} (\d+)/.exec(metrics)?.[1] ?? 0)
}

/** One message after the other for every mailbox, in rounds, as they come in real life; those of the first round have expired. */
function* messages(now: number): Iterable<FilledMessage> {
  const accounts = Array.from({ length: MAILBOXES }, () => `05${toHex(nativeCrypto.randomBytes(32))}`)
  for (let round = 0; round < MESSAGES_EACH; round++) {
    const expiry = round === 0 ? now - 1000 : now + 24 * HOUR_MS
    for (const account of accounts) {
      yield { account, hash: randomHash(), data: nativeCrypto.randomBytes(MESSAGE), expiry }
    }
  }
}
