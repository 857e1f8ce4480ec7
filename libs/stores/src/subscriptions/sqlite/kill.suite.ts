/**
 * A server that is to be killed: subscribes in SQLite and removes every fifth subscription again, and prints each change once it is acknowledged,
 * as `<lane> <number> added` or `<lane> <number> removed`.
 */
import { AT_NOON, LIMITS, NOON, subscription } from '../suite/samples.suite.ts'
import { openSqliteSubscriptions } from './index.ts'
import { killedAccount } from './killed-account.suite.ts'

const [path = '', round = '0'] = process.argv.slice(2)
const subscriptions = await openSqliteSubscriptions({ path, ...LIMITS })

async function subscribeForEver(lane: number): Promise<void> {
  for (let number = Number(round) * 1_000_000; ; number++) {
    const account = killedAccount(lane, number)
    const sent = subscription('a', { account, service: lane % 2 === 0 ? 'apns' : 'firebase' })
    const name = `${lane} ${number}`
    if ((await subscriptions.put(sent, NOON)) === 'added') process.stdout.write(`${name} added\n`)
    if (number % 5 !== 0) continue
    if (await subscriptions.remove(account, sent.device, AT_NOON)) process.stdout.write(`${name} removed\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, (_, lane) => subscribeForEver(lane)))
