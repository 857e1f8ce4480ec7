/**
 * FCM in a process of its own for measurements: `node fcm-fake-main.ts <directory> <port> <count|stamp>`. It keeps `service-account.json` in the directory, made when
 * it is not there, and prints a line of JSON with its `endpoint`. A line on standard input is answered with a line of JSON: `count` with the
 * messages taken, `arrivals` with what has come since the last time (token and when, by `process.hrtime`, which processes of a machine share).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type FakeServiceAccount, startFcmFake } from '../../support/fakes/fcm/index.ts'
import type { Arrival } from './fcm-fake-process.ts'

const [directory = '.', port = '0', mode = 'count'] = process.argv.slice(2)
const accountFile = join(directory, 'service-account.json')
let arrivals: Arrival[] = []
const fake = await startFcmFake({
  port: Number(port),
  messages: mode === 'stamp' ? 'read' : 'count',
  ...(existsSync(accountFile) && { account: JSON.parse(readFileSync(accountFile, 'utf8')) as FakeServiceAccount }),
  onMessage: ({ token }) => arrivals.push([token, Number(process.hrtime.bigint())]),
})
writeFileSync(accountFile, JSON.stringify(fake.account), { mode: 0o600 })
console.log(JSON.stringify({ endpoint: fake.endpoint }))

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line === 'count') return console.log(JSON.stringify(fake.messages.taken))
    console.log(JSON.stringify(arrivals))
    arrivals = []
  })
  .on('close', () => process.exit(0))
