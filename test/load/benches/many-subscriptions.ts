import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePrograms } from '../../support/backends/ensure-programs.ts'
import { PROGRAMS } from '../../support/backends/programs.ts'
import { startRedis } from '../../support/backends/start-redis.ts'
import type { Costs, MatchPlan, MatchResult } from '../lib/match-subscriptions.ts'
import type { MatchedStore } from '../lib/matched-subscriptions.ts'
import { residentBytes, SERVER_FLAGS, startSotto } from '../lib/processes.ts'
import { isQuick } from '../lib/quick.ts'
import { type Bench, mebibytes, milliseconds, type Row } from '../lib/report.ts'
import { runScript } from '../lib/run-script.ts'

const FEW = 1_000
const MANY = isQuick ? 50_000 : 1_000_000
const MOST_COST = 1.2
const SQLITE_BYTES = 500
const REDIS_BYTES = 900
const PORT = 19250
/** Of start-up: more than measuring twice differs by, far less than the subscriptions take up. */
const MEMORY_SLACK = 16 * 1_048_576
const MOST_START_MS = 2_000

/** A million subscriptions in either store: what a message costs then, what they take up, and that start-up leaves them alone. */
export const manySubscriptions: Bench = {
  name: 'many-subscriptions',
  async run(): Promise<Row[]> {
    const directory = mkdtempSync(join(tmpdir(), 'sotto-subscriptions-'))
    const secret = randomBytes(32).toString('hex')
    try {
      const stores = (['few', 'many'] as const).map((name) => ({ dataDirectory: join(directory, name) }))
      const inSqlite = await match(secret, stores)
      const rows = matchRows('SQLite', inSqlite, SQLITE_BYTES)
      // What the measurement has queued is not to be delivered by the server whose start is measured.
      for (const end of ['', '-wal', '-shm']) {
        rmSync(join(directory, 'many', 'push', `notifications.sqlite${end}`), { force: true })
      }
      rows.push(...(await startUp(secret, join(directory, 'many'), inSqlite.filled)))
      rmSync(directory, { recursive: true, force: true })
      rows.push(...matchRows('Redis', await matchInRedis(secret, directory), REDIS_BYTES))
      return rows
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
}

function match(secret: string, [few, many]: readonly MatchedStore[]): Promise<MatchResult> {
  if (few === undefined || many === undefined) throw new RangeError('two stores are compared')
  const plan: MatchPlan = {
    few,
    many,
    fewCount: FEW,
    manyCount: MANY,
    fillSeconds: 120,
    rounds: 5,
    messages: isQuick ? 2_000 : 10_000,
    secret,
  }
  return runScript<MatchResult>('match-subscriptions', plan, SERVER_FLAGS)
}

async function matchInRedis(secret: string, dataDirectory: string): Promise<MatchResult> {
  await ensurePrograms(PROGRAMS.filter(({ names }) => names.includes('redis-server')))
  const few = await startRedis()
  try {
    const many = await startRedis()
    try {
      return await match(
        secret,
        [few, many].map(({ url }) => ({ dataDirectory, redisUrl: url })),
      )
    } finally {
      await many.stop()
    }
  } finally {
    await few.stop()
  }
}

function matchRows(store: string, { filled, bytes, lookUp, step, fillSeconds }: MatchResult, most: number): Row[] {
  const many = filled.toLocaleString('en')
  const row = (work: string, { few, many: cost }: Costs): Row => ({
    work: `${work}, ${many} subscriptions in ${store}`,
    baseline: `${FEW.toLocaleString('en')} subscriptions: ${few.toFixed(0)} µs`,
    ours: `${cost.toFixed(0)} µs (${(cost / few).toFixed(2)} ×)`,
    target: `≤ ${MOST_COST} ×`,
    reached: cost <= MOST_COST * few,
  })
  const each = bytes / filled
  return [
    row('who wants a message: the look-up alone', lookUp),
    row('a stored message matched, encrypted and durably queued', step),
    {
      work: `bytes of a subscription with a token of FCM, ${many} in ${store}`,
      baseline: `filled by the adapter in ${fillSeconds.toFixed(0)} s`,
      ours: each.toFixed(0),
      target: `≤ ${most}`,
      reached: each <= most,
    },
  ]
}

async function startUp(secret: string, dataDirectory: string, filled: number): Promise<Row[]> {
  const environment = { SOTTO_PUSH_SECRET: secret, SOTTO_PUSH_LOG_SERVICES: 'firebase', SOTTO_PUSH_WEB: 'off' }
  const start = async (own: Record<string, string>): Promise<{ readyMs: number; resident: number }> => {
    const sotto = await startSotto(PORT, { ...environment, ...own })
    try {
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      return { readyMs: sotto.readyMs, resident: residentBytes(sotto.pid) }
    } finally {
      await sotto.stop()
    }
  }
  // The first start of a program also reads it from the disk.
  await start({})
  const empty = await start({})
  const full = await start({ SOTTO_DATA_DIR: dataDirectory })
  const work = `${filled.toLocaleString('en')} subscriptions in SQLite`
  return [
    {
      work: `start-up with ${work}`,
      baseline: `new data directory ${milliseconds(empty.readyMs)}`,
      ours: milliseconds(full.readyMs),
      target: `< ${milliseconds(MOST_START_MS)}`,
      reached: full.readyMs < MOST_START_MS,
    },
    {
      work: `idle memory with ${work}`,
      baseline: `new data directory ${mebibytes(empty.resident)}`,
      ours: mebibytes(full.resident),
      target: `≤ ${mebibytes(empty.resident + MEMORY_SLACK)}`,
      reached: full.resident <= empty.resident + MEMORY_SLACK,
    },
  ]
}
