/**
 * The fake as a process of its own: `node test/support/fakes/fcm/main.ts <directory> [port]`. In the directory it keeps `service-account.json`, made when
 * it is not there, and appends one line of JSON to `received.jsonl` for each message it takes, before it answers. It prints one line of JSON with the
 * `endpoint` and the `serviceAccountFile`, and takes faults as lines of JSON on standard input: `{"fault":{"kind":"hang"}}`, `{"fault":null}`.
 */
import { existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { FcmFault } from './faults.ts'
import { startFcmFake } from './fcm-fake.ts'
import type { FakeServiceAccount } from './service-account.ts'

const [directory = '.', port = '0'] = process.argv.slice(2)
const serviceAccountFile = join(directory, 'service-account.json')
const received = openSync(join(directory, 'received.jsonl'), 'a')

const fake = await startFcmFake({
  port: Number(port),
  messages: 'read',
  ...(existsSync(serviceAccountFile)
    ? { account: JSON.parse(readFileSync(serviceAccountFile, 'utf8')) as FakeServiceAccount }
    : {}),
  // Through the kernel before the answer: what was answered is in the file, whoever is killed.
  onMessage: ({ token, data, priority, at }) => {
    writeSync(received, `${JSON.stringify({ token, data, priority, at })}\n`)
  },
})
writeFileSync(serviceAccountFile, JSON.stringify(fake.account), { mode: 0o600 })
console.log(JSON.stringify({ endpoint: fake.endpoint, serviceAccountFile }))

createInterface({ input: process.stdin }).on('line', (line) => {
  const { fault } = JSON.parse(line) as { fault: FcmFault | null }
  fake.messages.fault = fault ?? undefined
})
