/**
 * A server that is to be killed: accepts, takes, ends and postpones in SQLite, and prints `accepted <label>` and `ended <label>` once that is acknowledged.
 */
import { labelOf, notification } from '../suite/samples.suite.ts'
import { openSqliteNotifications } from './index.ts'

const [path = '', round = ''] = process.argv.slice(2)
const store = await openSqliteNotifications({ path, duplicateWindowMs: 600_000, capacity: 1_000_000 })
const service = 'firebase'

async function acceptForEver(lane: number): Promise<void> {
  for (let count = 0; ; count++) {
    const labels = ['x', 'y'].map((name) => `${round}-${lane}-${count}-${name}`)
    await store.accept(
      labels.map((label) => notification(label, { length: 500 })),
      1_000,
    )
    for (const label of labels) process.stdout.write(`accepted ${label}\n`)
  }
}

async function deliverForEver(): Promise<void> {
  for (;;) {
    const taken = await store.take(service, { limit: 7, now: 1_000, leaseMs: 1_000 })
    const [first, ...rest] = taken
    if (first === undefined) {
      await new Promise((resolve) => setImmediate(resolve))
      continue
    }
    await Promise.all([store.postpone(first, { dueAt: 2_000, attempts: 1 }), store.end(rest, 'handed-over')])
    for (const one of rest) process.stdout.write(`ended ${labelOf(one)}\n`)
  }
}

await Promise.all([...Array.from({ length: 8 }, (_, lane) => acceptForEver(lane)), deliverForEver(), deliverForEver()])
