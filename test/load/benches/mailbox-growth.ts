import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeCrypto } from '#crypto/native/index'
import { type RequestSigner } from '#protocol'
import { checkSamples, parseBody } from '../lib/check-samples.ts'
import { type FilledMessage, fillMailboxes, randomHash } from '../lib/fill-mailboxes.ts'
import {
  checkRetrieved,
  MAILBOX_ENV,
  MESSAGE,
  plainRpc,
  retrieveOf,
  STORE_STAMP,
  storeOf,
} from '../lib/mailbox-requests.ts'
import { startSotto } from '../lib/processes.ts'
import { type Bench, perSecond, type Row } from '../lib/report.ts'
import { rate, runLoad } from '../lib/run-load.ts'
import { swarmNode, swarmUsers } from '../lib/swarm-users.ts'

const LARGE = 100_000
const SMALL = 100
/** Stores are spread over this many small mailboxes, so that they stay small. */
const SMALL_MAILBOXES = 100
const PAGE = 10
const ROUNDS = 3
const SECONDS = 1.5
/** Stores of one round: half as many again as a small mailbox has, at most. */
const STORES = 5_000
const DAY_MS = 86_400_000

interface FilledMailbox {
  readonly user: RequestSigner
  readonly hashes: readonly string[]
}

/** What a request to a mailbox of 100,000 messages costs beside one of 100. */
export const mailboxGrowth: Bench = {
  name: 'mailbox-growth',
  async run(): Promise<Row[]> {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'sotto-growth-'))
    try {
      const users = swarmUsers(SMALL_MAILBOXES + 1)
      const [large, ...small] = users.map((user, i): FilledMailbox => ({
        user,
        hashes: Array.from({ length: i === 0 ? LARGE : SMALL }, randomHash),
      })) as [FilledMailbox, ...FilledMailbox[]]
      const now = Date.now()
      await fillMailboxes(dataDirectory, messagesOf([large, ...small], now + DAY_MS), now)
      return await compare(dataDirectory, large, small)
    } finally {
      rmSync(dataDirectory, { recursive: true, force: true })
    }
  },
}

/** Runs the same load against both sizes in turn, so that whatever else the machine does meets both. */
async function compare(dataDirectory: string, large: FilledMailbox, small: readonly FilledMailbox[]): Promise<Row[]> {
  const sotto = await startSotto(18200, { ...MAILBOX_ENV, SOTTO_DATA_DIR: dataDirectory })
  try {
    const plan = { port: swarmNode(sotto.directory).storage_port, tls: true, connections: 16 }
    const retrieves = async (mailboxes: readonly FilledMailbox[], part: number): Promise<number> => {
      const requests = mailboxes.map(({ user, hashes }) => {
        const lastHash = hashes[Math.floor(hashes.length * part) - PAGE - 1]!
        return plainRpc(retrieveOf(user, { lastHash, maxCount: PAGE }))
      })
      const result = await runLoad(requests, { ...plan, seconds: SECONDS, sampleEvery: 97 })
      checkSamples(result, (body) => checkRetrieved(parseBody(body), PAGE))
      return rate(result)
    }
    const stores = async (mailboxes: readonly FilledMailbox[]): Promise<number> => {
      const requests = mailboxes.map(({ user }) => plainRpc(storeOf(user, MESSAGE)))
      return rate(await runLoad(requests, { ...plan, ...STORE_STAMP, seconds: SECONDS, maxRequests: STORES }))
    }

    await retrieves(small, 1)
    return [
      await row('`retrieve` of ten messages after the middle', (some) => retrieves(some, 0.5)),
      await row('`retrieve` of the last ten messages', (some) => retrieves(some, 1)),
      await row('`store` 1 kB, durable', stores),
    ]
  } finally {
    await sotto.stop()
  }

  async function row(work: string, measure: (some: readonly FilledMailbox[]) => Promise<number>): Promise<Row> {
    let before = 0
    let after = 0
    for (let round = 0; round < ROUNDS; round++) {
      before += (await measure(small)) / ROUNDS
      after += (await measure([large])) / ROUNDS
    }
    return {
      work: `${work}, ${LARGE.toLocaleString('en')} messages in the mailbox`,
      baseline: `${SMALL} messages in the mailbox: ${perSecond(before)}`,
      ours: `${perSecond(after)} (cost ${(before / after).toFixed(2)} ×)`,
      target: '≤ 1.3 ×',
      reached: before / after <= 1.3,
    }
  }
}

function* messagesOf(mailboxes: readonly FilledMailbox[], expiry: number): Iterable<FilledMessage> {
  for (const { user, hashes } of mailboxes) {
    for (const hash of hashes) {
      yield { account: user.account.hex, hash, data: nativeCrypto.randomBytes(MESSAGE), expiry }
    }
  }
}
