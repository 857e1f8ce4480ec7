/** A server that is to be killed: stores messages in SQLite and prints each hash once it is acknowledged, with the name of its event. */
import { createHash, randomBytes } from 'node:crypto'
import { openSqliteMailboxes } from './index.ts'

const [path = '', round = ''] = process.argv.slice(2)
const quota = { messages: 1_000_000, bytes: 1_000_000_000 }
const mailboxes = await openSqliteMailboxes({ path, quota, randomBytes })

async function storeForEver(lane: number): Promise<void> {
  for (let count = 0; ; count++) {
    const digest = createHash('sha256').update(`${round} ${lane} ${count}`).digest()
    const hash = digest.toString('base64').slice(0, 43)
    const message = {
      account: `05${'ab'.repeat(31)}0${lane}`,
      namespace: 0,
      hash,
      timestamp: 1,
      expiry: 1_000,
      data: Buffer.alloc(1_000, digest),
      replacesNamespace: false,
      isProtected: false,
      event: { partition: lane, payload: Buffer.from(hash) },
    }
    const outcome = await mailboxes.store(message, 10)
    if (outcome.outcome === 'stored') process.stdout.write(`${lane} ${hash} ${outcome.outboxId}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, (_, lane) => storeForEver(lane)))
