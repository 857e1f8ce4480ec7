/**
 * The fake as a process of its own: `node test/support/fakes/fcm/main.ts <directory> [port]`. In the directory it keeps `service-account.json`, made when
 * it is not there, and appends one line of JSON to `received.jsonl` for each message it takes, before it answers. It prints one line of JSON with the
 * `endpoint` and the `serviceAccountFile`, and obeys a `FcmCommand` in each line of standard input, which it answers with an empty line. Ends when its
 * standard input does.
 */
import { existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { FcmFault } from './faults.ts'
import { startFcmFake } from './fcm-fake.ts'
import type { FakeServiceAccount } from './service-account.ts'

/** What is there is done. */
export interface FcmCommand {
  /** For every request from now on that no other fault is for; null: none. */
  readonly fault?: FcmFault | null
  /** For the next requests, one each. */
  readonly nextFaults?: readonly FcmFault[]
  /** For every request with one of these tokens. */
  readonly tokenFaults?: Readonly<Record<string, FcmFault>>
}

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

createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line) as FcmCommand))
  .on('close', () => void fake.stop())

function obey({ fault, nextFaults = [], tokenFaults = {} }: FcmCommand): void {
  if (fault !== undefined) fake.messages.fault = fault ?? undefined
  fake.messages.nextFaults.push(...nextFaults)
  for (const [token, one] of Object.entries(tokenFaults)) fake.messages.tokenFaults.set(token, one)
  console.log()
}
