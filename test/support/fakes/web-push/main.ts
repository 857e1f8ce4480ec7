/**
 * A push service in a process of its own: prints `listening <url>`, then writes a JSON line for every message it takes to the file of the first argument, in the
 * order of arrival. `POST /subscriptions` makes a subscription, `PUT /fault` sets a fault (JSON; `null` ends it). A second argument `closed` leaves messages
 * unopened. Ends when its standard input does, so it never outlives who started it.
 */
import { createWriteStream } from 'node:fs'
import { startWebPushFake } from './web-push-fake.ts'

const [file, opening] = process.argv.slice(2)
if (file === undefined) throw new Error('the first argument has to be the file for the lines')
const lines = createWriteStream(file, { flags: 'a' })
const fake = await startWebPushFake({
  opens: opening !== 'closed',
  onReceived: (push) => lines.write(`${JSON.stringify(push)}\n`),
})
console.log(`listening ${fake.url}`)
process.stdin.resume().once('end', () => {
  void fake.close().then(() => lines.end())
})
